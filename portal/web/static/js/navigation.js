// On narrow screens the menu folds into one button. Without this the links simply stand below each other.
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
}
