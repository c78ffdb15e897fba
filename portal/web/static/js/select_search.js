// A box above a long list narrows it to what is typed. The list itself stays a plain select.
let count = 0;

export function selectSearch(root) {
  for (const frame of root.querySelectorAll("[data-search-label]")) {
    const select = frame.querySelector("select");
    const original = [...select.children].map((child) => child.cloneNode(true));
    const box = document.createElement("div");
    box.className = "ie-select-search";
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "search";
    input.className = "krds-input";
    input.autocomplete = "off";
    input.id = `select-search-${(count += 1)}`;
    label.htmlFor = input.id;
    label.textContent = frame.dataset.searchLabel;
    box.append(label, input);
    frame.prepend(box);
    input.addEventListener("input", (event) => {
      event.stopPropagation(); // looking is not editing: no draft is saved for it
      narrow(select, original, input.value.trim().toLowerCase());
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // would send the form
    });
  }
}

function narrow(select, original, wanted) {
  const chosen = select.value;
  select.replaceChildren(...original.map((child) => matching(child, wanted, chosen)).filter(Boolean));
  select.value = chosen;
}

function matching(child, wanted, chosen) {
  const copy = child.cloneNode(true);
  if (copy.tagName === "OPTION") return keep(copy, wanted, chosen) ? copy : null;
  if (copy.label.toLowerCase().includes(wanted)) return copy;
  for (const option of [...copy.children]) if (!keep(option, wanted, chosen)) option.remove();
  return copy.children.length ? copy : null;
}

function keep(option, wanted, chosen) {
  const text = `${option.textContent} ${option.value}`.toLowerCase();
  return option.value === "" || option.value === chosen || text.includes(wanted);
}
