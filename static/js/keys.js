// Keys that belong to the page, and not to what is being typed or chosen.

export function isTyping(event) {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return true;
  return Boolean(event.target.closest("input, textarea, select, dialog[open], [contenteditable]"));
}
