// Saves a draft while it is typed: the form's fields and _autosave=1 are posted a moment after the last key.
// The server answers 2xx when it is saved; anything else, a redirect to the sign-in page included, is said aloud.
const PAUSE = 1500;

export function autosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) watch(form);
}

function watch(form) {
  const status = form.querySelector("[data-autosave-status]");
  let timer = 0;
  let running = false;
  let again = false;

  async function save() {
    if (form.dataset.sent) return;
    if (running) {
      again = true;
      return;
    }
    running = true;
    say(status, status.dataset.saving);
    const saved = await send(form);
    if (saved) say(status, `${status.dataset.saved} ${clock(new Date())}`);
    else say(status, status.dataset.failed, true);
    running = false;
    if (again) {
      again = false;
      save();
    }
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", later);
  form.addEventListener("submit", () => clearTimeout(timer));
  if (typed(form)) later();
}

// On a slow line the fields are there before this script is: what was typed meanwhile sent no event to anybody.
function typed(form) {
  return [...form.elements].some((field) => {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return "defaultValue" in field && field.type !== "file" && field.value !== field.defaultValue;
  });
}

async function send(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
  fields.append("_autosave", "1");
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields, redirect: "manual" });
    return answer.ok;
  } catch {
    return false;
  }
}

function say(status, text, wrong = false) {
  status.textContent = text;
  status.classList.toggle("is-wrong", wrong);
}

function clock(now) {
  return now.toLocaleTimeString("ko-KR", { hour: "2-digit", minute: "2-digit", hour12: false });
}
