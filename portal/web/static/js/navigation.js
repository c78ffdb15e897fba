// On narrow screens the menu folds into one button and shows every group. Without this the groups open one at a time.
const GROUP = "ie-nav";

export function navigation(root) {
  const button = root.querySelector("[data-nav-toggle]");
  if (!button) return;
  button.hidden = false;
  const open = (state) => button.setAttribute("aria-expanded", String(state));
  button.addEventListener("click", () => open(button.getAttribute("aria-expanded") !== "true"));
  button.closest("nav").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    open(false);
    button.focus();
  });
  const narrow = matchMedia("(max-width: 767px)");
  const arrange = () => unfold(button.closest("nav"), narrow.matches);
  narrow.addEventListener("change", arrange);
  arrange();
}

function unfold(menu, narrow) {
  for (const group of menu.querySelectorAll("details")) {
    group.removeAttribute("name");
    group.open = narrow || group.querySelector("summary[aria-current]") !== null;
    if (!narrow) group.setAttribute("name", GROUP);
  }
}
