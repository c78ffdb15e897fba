// A question that only some are asked appears once the answers lead to it; without this each says of whom it is asked.
export function conditions(root) {
  const boxes = [...root.querySelectorAll("[data-asked-after]")];
  const form = boxes[0]?.closest("form");
  if (!form) return;
  const arrange = () => {
    const answers = new FormData(form);
    for (const box of boxes) {
      box.hidden = !holds(box.dataset, answers.get(box.dataset.askedAfter) ?? "");
      if (box.hidden) answers.delete(box.dataset.name); // what is not asked leads no further
    }
  };
  form.addEventListener("input", arrange);
  arrange();
}

// As portal/domain/questions.py has it, which decides what is kept.
function holds({ chosen, least, most }, answer) {
  const among = JSON.parse(chosen);
  if (among.length) return among.includes(answer.trim());
  const number = answer.trim() === "" ? NaN : Number(answer.replaceAll(",", ""));
  return Number.isFinite(number) && !(least && number < Number(least)) && !(most && number > Number(most));
}
