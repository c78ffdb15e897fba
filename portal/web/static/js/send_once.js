// A second press on a button does not send the form a second time. The server refuses it too; this spares the refusal.
const RELEASE_AFTER = 15000; // a form whose answer is a download keeps its page: let go again

export function sendOnce(root) {
  for (const form of root.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      mark(form, "true");
      setTimeout(() => release(form), RELEASE_AFTER);
    });
  }
}

// Coming back with the back button shows the page as it was left: the buttons must work again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  mark(form, "false");
}

function mark(form, state) {
  form.querySelectorAll("button[type=submit]").forEach((button) => button.setAttribute("aria-disabled", state));
}
