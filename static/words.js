// What scripts say. The page that loads them has their words in attributes of one element, in the language of the page; a
// counted sentence is JSON there, a form for each category of Intl.PluralRules.

// Returns what gives a sentence of the element by its name, with its values in place of their braces. A value `count`
// chooses the form.
export function wordsOf(element) {
  return (name, values = {}) => {
    const written = element.dataset[name];
    const sentence = values.count === undefined ? written : formFor(JSON.parse(written), values.count);
    return sentence.replace(/\{(\w+)\}/gu, (place, key) => (key in values ? write(values[key]) : place));
  };
}

// For numbers and times as the language of the page writes them.
export function pageLanguage() {
  return document.documentElement.lang;
}

function formFor(forms, count) {
  return forms[new Intl.PluralRules(pageLanguage()).select(count)] ?? forms.other;
}

function write(value) {
  return typeof value === "number" ? value.toLocaleString(pageLanguage()) : value;
}
