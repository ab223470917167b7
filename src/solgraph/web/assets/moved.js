// On a site of files: an address that was a page of its own leads to its place on another page.
"use strict";
{
const root = new URL("..", document.currentScript.src);
const path = location.pathname.slice(root.pathname.length).replace(/^(de|it|pl)\//, "").replace(/\.(html|ttl)$/, "");
const name = decodeURIComponent(path).replace(/^graph\//, "source/").replace(/^(doc|id)\//, "");
const go = (where) => location.replace(new URL(where, root));

loadScript(new URL("moved-data.js", root).href).then(() => {
  const home = Object.keys(solgraphMoved).find((page) => solgraphMoved[page].includes(name));
  if (home) go(`${home}#${name}`);
  else if (path.startsWith("id/")) go(`doc/${name}.html`);
});
}
