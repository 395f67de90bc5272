import { expect, test } from "vitest";
import { hashtagOf, replaceMarkdownHashtags, replaceTextHashtags } from "../../src/lib/replace-hashtags.ts";

const sea = { names: new Set(["sea", "see"]), word: "ocean" };

test.each([
  ["#sea and #Sea, (#SEE)!", "#ocean and #ocean, (#ocean)!"],
  ["#seaside, #sea-side and web#sea stay", "#seaside, #sea-side and web#sea stay"],
  ["\\#sea and https://x.example/#sea stay", "\\#sea and https://x.example/#sea stay"],
  ["`#sea` and ``a ` #sea`` stay, #sea goes", "`#sea` and ``a ` #sea`` stay, #ocean goes"],
  ["an unclosed ` and #sea", "an unclosed ` and #ocean"],
  ["[down](#sea) and [named]: no", "[down](#sea) and [named]: no"],
  ["[named]: #sea", "[named]: #sea"],
  ['<a href="#sea">#sea</a>', '<a href="#sea">#ocean</a>'],
  ["```sh\n#sea\n```\n#sea", "```sh\n#sea\n```\n#ocean"],
  ["````\n```\n#sea\n````\n#sea", "````\n```\n#sea\n````\n#ocean"],
  ["- a\n  ~~~\n  #sea\n  ~~~\n- #sea", "- a\n  ~~~\n  #sea\n  ~~~\n- #ocean"],
  ["text\n\n    #sea\n    #sea\n\n#sea", "text\n\n    #sea\n    #sea\n\n#ocean"],
  ["text\n    #sea", "text\n    #ocean"],
])("%j becomes %j", (text, expected) => {
  expect(replaceMarkdownHashtags(text, sea)).toBe(expected);
});

test("without a word the hashtags lose their sign, in plain text everywhere", () => {
  const gone = { ...sea, word: "" };

  expect(replaceMarkdownHashtags("At the #Sea, `#sea`", gone)).toBe("At the Sea, `#sea`");
  expect(replaceTextHashtags("At the #Sea, `#sea`", gone)).toBe("At the Sea, `sea`");
});

test.each([
  ["WebDev", "WebDev"],
  ["Web Dev", "web-dev"],
  ["2026", ""],
  ["C++", "c"],
])("%j as a hashtag is %j", (label, expected) => {
  expect(hashtagOf(label)).toBe(expected);
});
