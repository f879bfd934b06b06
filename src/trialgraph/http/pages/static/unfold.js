// A link to a term opens the group that it is in, where the browser does not do so by itself.
"use strict";
(() => {
  const unfold = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const group = target?.closest("details:not([open])");
    if (!group) return;
    group.open = true;
    target.scrollIntoView();
  };
  window.addEventListener("hashchange", unfold);
  unfold();
})();
