// Says the names and sizes of chosen files at once, and which of them is too large, before anything is sent.
export function fileBoxes(root) {
  for (const box of root.querySelectorAll("[data-file]")) {
    const input = box.querySelector("input[type=file]");
    const line = box.querySelector("[data-file-chosen]");
    const limit = Number(box.dataset.maxBytes);
    input.addEventListener("change", () => {
      const files = [...input.files];
      const tooLarge = files.some((file) => file.size > limit);
      line.textContent = files.map((file) => `${file.name} (${size(file.size)})`).join(", ");
      if (tooLarge) line.textContent += ` ${box.dataset.tooLarge}`;
      line.classList.toggle("is-wrong", tooLarge);
    });
  }
}

function size(bytes) {
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))}KB` : `${(bytes / 1048576).toFixed(1)}MB`;
}
