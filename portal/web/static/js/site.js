// Every page works without this file; each part adds one comfort.
import { allOf } from "./all_of.js";
import { autosave } from "./autosave.js";
import { charts } from "./charts.js";
import { conditions } from "./conditions.js";
import { fileBoxes } from "./file_boxes.js";
import { navigation } from "./navigation.js";
import { sendOnce } from "./send_once.js";
import { selectSearch } from "./select_search.js";

// Whoever made a mistake lands on what is wrong.
document.querySelector("[data-focus]")?.focus();
navigation(document);
sendOnce(document);
fileBoxes(document);
allOf(document);
selectSearch(document);
conditions(document);
autosave(document);
charts(document);

// Parts that htmx put into the page later get the same comforts.
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) return;
  for (const part of [sendOnce, fileBoxes, selectSearch, charts]) part(event.target);
});
