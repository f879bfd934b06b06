// A button beside each sample that puts it on the clipboard. Without script the text can be selected as it is.
"use strict";
for (const block of document.querySelectorAll("pre[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent.replace(/^\n+|\n+$/g, ""));
      status.textContent = " copied";
    } catch {
      // no clipboard over plain http from another host: select the text, so that one key copies it
      getSelection().selectAllChildren(block);
      status.textContent = " selected; press Ctrl+C";
    }
  });
  block.after(button, status);
}
