// A button beside each sample that puts it on the clipboard. Without script the text can be selected as it is.
"use strict";
for (const block of document.querySelectorAll("pre[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent.trim());
      said.textContent = " copied";
    } catch {
      // no clipboard over plain http from another host: select the text, so that one key copies it
      getSelection().selectAllChildren(block);
      said.textContent = " selected; press Ctrl+C";
    }
  });
  block.after(button, said);
}
