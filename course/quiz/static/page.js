// What quiz and form share in the browser; course/quiz/widget.py puts it before the one or the other.

const PATIENCE_MS = 4000;
let pages = 0; // makes ids unique where several stand in one document

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") node.innerHTML = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// JupyterLab's own keys (arrows, Enter, letters) stay out of here, but for Ctrl + S or Cmd + S, which saves. JupyterLab
// looks at the attribute when a key reaches the document, which is after the window. Returns what ends this.
function keepKeysOut(root) {
  const keep = (event) => {
    const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    root.toggleAttribute("data-lm-suppress-shortcuts", !saves);
  };
  window.addEventListener("keydown", keep, true);
  return () => window.removeEventListener("keydown", keep, true);
}
