// The flows of apps that people use, each in a file of its own. They run together: to load the program is dearer than they are.
import "./clients/ia-writer.ts";
import "./clients/indigenous.ts";
import "./clients/micro-blog.ts";
import "./clients/micropublish.ts";
import "./clients/omnibear.ts";
import "./clients/quill.ts";
