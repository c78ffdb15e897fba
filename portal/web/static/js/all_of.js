// One tick for several boxes: [data-all-of="start of their names"] is shown, and follows when they are ticked one by one.
export function allOf(root) {
  for (const place of root.querySelectorAll("[data-all-of]")) {
    const all = place.querySelector("input[type=checkbox]");
    const boxes = [...place.parentElement.querySelectorAll(`input[type=checkbox][name^="${place.dataset.allOf}"]`)];
    const follow = () => (all.checked = boxes.every((box) => box.checked));
    place.hidden = false;
    follow();
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
    });
    for (const box of boxes) box.addEventListener("change", follow);
  }
}
