// The field for tags: a datalist completes whole values, so what was typed before the last comma stands in front of each.

export function completeTags(field, list) {
  const names = [...list.options].map((option) => option.value);
  field.addEventListener("input", () => {
    const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
    const used = new Set(before.split(",").map((name) => name.trim().toLowerCase()));
    const start = before && `${before.trimEnd()} `;
    list.replaceChildren(
      ...names.filter((name) => !used.has(name.toLowerCase())).map((name) => new Option(start + name, start + name)),
    );
  });
}
