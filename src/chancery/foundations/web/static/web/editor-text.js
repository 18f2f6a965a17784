/* What the editor's text is made of: its schema, its plain words, where a quoted passage stands. First of the editor's files. */
"use strict";
(() => {
  const PM = window.ProseMirror;
  if (!PM) return;
  const AROUND = 32;
  const LONGEST = 2000;

  /* The browser's headings begin at h3: above them stand the page's own. */
  const headingRules = [1, 2, 3, 4, 5, 6].flatMap((tag) => [
    { tag: `h${tag}[data-level]`, priority: 60, getAttrs: (dom) => ({ level: Math.min(Math.max(Number(dom.dataset.level) || 1, 1), 4) }) },
    { tag: `h${tag}`, attrs: { level: Math.min(tag, 4) } },
  ]);
  const align = (dom) => {
    const said = dom.style.textAlign || dom.getAttribute("align") || "";
    return said === "center" ? "center" : said === "right" || said === "end" ? "right" : null;
  };
  const cells = PM.tableNodes({ tableGroup: "block", cellContent: "paragraph+", cellAttributes: {} });
  const schema = new PM.Schema({
    nodes: {
      doc: { content: "block+" },
      paragraph: {
        group: "block", content: "inline*", attrs: { align: { default: null, validate: "string|null" } },
        parseDOM: [{ tag: "p", getAttrs: (dom) => ({ align: align(dom) }) }],
        toDOM: (node) => (node.attrs.align ? ["p", { align: node.attrs.align, class: `is-${node.attrs.align}` }, 0] : ["p", 0]),
      },
      heading: {
        group: "block", content: "inline*", defining: true, attrs: { level: { default: 1, validate: "number" } },
        parseDOM: headingRules,
        toDOM: (node) => [`h${node.attrs.level + 2}`, { "data-level": node.attrs.level }, 0],
      },
      bullet_list: { group: "block list", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
      ordered_list: { group: "block list", content: "list_item+", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
      list_item: { content: "paragraph (paragraph | list)*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
      ...cells,
      text: { group: "inline" },
      hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
    },
    marks: {
      strong: {
        parseDOM: [
          { tag: "strong" },
          { tag: "b", getAttrs: (dom) => dom.style.fontWeight !== "normal" && null },
          { style: "font-weight=400", clearMark: (mark) => mark.type.name === "strong" },
          { style: "font-weight=normal", clearMark: (mark) => mark.type.name === "strong" },
          { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[5-9]\d{2,})$/.test(value) && null },
        ],
        toDOM: () => ["strong", 0],
      },
      em: { parseDOM: [{ tag: "i" }, { tag: "em" }, { style: "font-style=italic" }], toDOM: () => ["em", 0] },
    },
  });
  /* A paragraph's own parts only: attributes that the server does not keep are left out. */
  const KEPT = { paragraph: ["align"], heading: ["level"], table_cell: ["colspan", "rowspan"], table_header: ["colspan", "rowspan"] };
  function toJSON(node) {
    if (node.isText) return { type: "text", text: node.text, ...(node.marks.length ? { marks: node.marks.map((mark) => ({ type: mark.type.name })) } : {}) };
    const name = node.type.name;
    const json = { type: name };
    if (KEPT[name]) json.attrs = Object.fromEntries(KEPT[name].map((key) => [key, node.attrs[key]]));
    if (name === "hard_break") return json;
    json.content = [];
    node.forEach((child) => json.content.push(toJSON(child)));
    return json;
  }

  const points = (text) => { let n = 0; for (const _char of text) n += 1; return n; };
  const shared = (a, b) => { let n = 0; while (n < a.length && n < b.length && a[n] === b[n]) n += 1; return n; };

  /* The plain words of a document, and for each of its UTF-16 units the place in the document. */
  class ManuscriptText {
    constructor(doc) {
      const parts = [];
      this.at = [];
      let isFirst = true;
      let row = null;
      let cell = null;
      const put = (text, from, step) => { parts.push(text); for (let n = 0; n < text.length; n += 1) this.at.push(from + (step ? n : 0)); };
      doc.descendants((node, pos, parent) => {
        if (node.type.name === "table_row") { row = { first: true }; return true; }
        if (node.type.spec.tableRole === "cell" || node.type.spec.tableRole === "header_cell") { cell = { first: true, row }; return true; }
        if (!node.isTextblock) return true;
        const inCell = parent.type.spec.tableRole === "cell" || parent.type.spec.tableRole === "header_cell";
        let stop = "\n";
        if (inCell && cell.first) { stop = cell.row.first ? "\n" : "\t"; cell.first = false; cell.row.first = false; }
        if (!isFirst) put(stop, pos, false);
        isFirst = false;
        node.forEach((child, offset) => put(child.isText ? child.text : "\n", pos + 1 + offset, child.isText));
        return false;
      });
      this.text = parts.join("");
    }

    characters() { return points(this.text.replace(/\s/gu, "")); }

    /* Offsets in the text for places in the document. */
    anchor(from, to) {
      let start = this.at.findIndex((place) => place >= from);
      if (start < 0) return null;
      let end = start;
      while (end < this.at.length && this.at[end] < to) end += 1;
      while (start < end && /\s/.test(this.text[start])) start += 1;
      while (end > start && /\s/.test(this.text[end - 1])) end -= 1;
      if (start === end) return null;
      end = Math.min(end, start + LONGEST);
      return {
        exact: this.text.slice(start, end),
        prefix: this.text.slice(Math.max(0, start - AROUND), start),
        suffix: this.text.slice(end, end + AROUND),
        start: points(this.text.slice(0, start)),
      };
    }

    /* {from, to} in the document, or null: the place whose surroundings fit best, then the nearest to where it was. */
    find(anchor) {
      const { exact, prefix = "", suffix = "", start = 0 } = anchor || {};
      if (!exact) return null;
      let best = null;
      for (let at = this.text.indexOf(exact); at >= 0; at = this.text.indexOf(exact, at + 1)) {
        const before = shared([...this.text.slice(Math.max(0, at - AROUND), at)].reverse(), [...prefix].reverse());
        const after = shared([...this.text.slice(at + exact.length, at + exact.length + AROUND)], [...suffix]);
        const one = { at, fit: before + after, near: Math.abs(points(this.text.slice(0, at)) - start) };
        if (!best || one.fit > best.fit || (one.fit === best.fit && one.near < best.near)) best = one;
      }
      return best ? { from: this.at[best.at], to: this.at[best.at + exact.length - 1] + 1 } : null;
    }
  }

  /* Remarks: highlighted passages, kept in place while one types. */
  const remarks = new PM.PluginKey("remarks");
  const TONES = new Set(["amber", "blue", "green", "red", "neutral", "violet"]);
  const remarkPlugin = () => new PM.Plugin({
    key: remarks,
    state: {
      init: () => ({ marks: PM.DecorationSet.empty, chosen: PM.DecorationSet.empty }),
      apply(transaction, before) {
        const said = transaction.getMeta(remarks) || {};
        let { marks, chosen } = before;
        if (transaction.docChanged) { marks = marks.map(transaction.mapping, transaction.doc); chosen = PM.DecorationSet.empty; }
        if (said.places) {
          marks = PM.DecorationSet.create(transaction.doc, said.places.map((one) => PM.Decoration.inline(one.found.from, one.found.to, {
            class: `remark remark-${TONES.has(one.tone) ? one.tone : "amber"}`, "data-remark": String(one.id),
          })));
        }
        if (said.chosen) chosen = PM.DecorationSet.create(transaction.doc, [PM.Decoration.inline(said.chosen.from, said.chosen.to, { class: "is-chosen" })]);
        return { marks, chosen };
      },
    },
    props: {
      decorations(state) {
        const { marks, chosen } = remarks.getState(state);
        return chosen.find().length ? marks.add(state.doc, chosen.find()) : marks;
      },
    },
  });

  window.Manuscript = { schema, toJSON, ManuscriptText, remarks, remarkPlugin };
})();
