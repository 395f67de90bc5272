import { expect, test } from "vitest";
import { childText, elements, parseXml } from "./strict-xml.ts";

test("the strict parser reads text, sections, references and attributes", () => {
  const root = parseXml(
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- x --><a xmlns:p="urn:p" b='1&#9;&lt;'><p:c>x<![CDATA[<&]]>&#x41;</p:c><d/></a>\n`,
  );

  expect(root.attributes.b).toBe("1\t<");
  expect(childText(root, "p:c")).toBe("x<&A");
  expect(elements(root, "d")).toHaveLength(1);
});

test.each([
  "",
  "<a>",
  "<a></b>",
  "<a/><b/>",
  "text",
  " <?xml version='1.0'?><a/>",
  "<a>&</a>",
  "<a>&nbsp;</a>",
  "<a>&#0;</a>",
  "<a>&#xd800;</a>",
  "<a>&#x110000;</a>",
  "<a>]]></a>",
  "<a>\u0001</a>",
  "<a>\uffff</a>",
  "<a>\ud800</a>",
  "<a b=1/>",
  "<a b/>",
  "<a b='<'/>",
  "<a b='1' b='2'/>",
  "<a b='1'c='2'/>",
  "<p:a/>",
  "<a p:b='1'/>",
  "<a><!-- -- --></a>",
  "<a><?xml x?></a>",
  "<a><![CDATA[</a>",
  "<1/>",
])("the strict parser refuses %j", (source) => {
  expect(() => parseXml(source)).toThrow();
});
