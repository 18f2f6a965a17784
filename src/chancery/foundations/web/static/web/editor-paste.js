/* What comes from elsewhere: typed or copied plain text, and the HTML of Word, WPS and web pages, cleaned. */
"use strict";
(() => {
  const PM = window.ProseMirror;
  if (!PM) return;
  const { schema } = window.Manuscript;
  const LONGEST = 60;

  /* Numbers of headings as people type them; the same as manuscript/numbering.py. */
  const CN = "[一二三四五六七八九十百千]{1,7}";
  const TYPED = {
    cn: [new RegExp(`^(${CN})\\s*[、.．]\\s*`), new RegExp(`^[（(]\\s*(${CN})\\s*[）)][、.．]?\\s*`), /^(\d{1,3})\s*[.．、](?!\d{1,3}(?!\d))\s*/, /^[（(]\s*(\d{1,3})\s*[）)]\s*/],
    neutral: [/^(\d{1,3})(?:\.(?!\d))?\s+/, /^(\d{1,3}\.\d{1,3})\.?\s+/, /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.?\s+/, /^\(([a-z]{1,2})\)\s+/],
  };
  const DIGITS = "〇一二三四五六七八九";
  function chinese(number) {
    let found = "";
    for (const [unit, name] of [[1000, "千"], [100, "百"], [10, "十"], [1, ""]]) {
      const digit = Math.floor(number / unit) % 10;
      if (digit) found += DIGITS[digit] + name;
      else if (found && number % unit && !found.endsWith("零")) found += "零";
    }
    return found.startsWith("一十") ? found.slice(1) : found;
  }
  function letters(number) {
    let found = "";
    for (let n = number; n > 0; n = Math.floor((n - 1) / 26)) found = String.fromCharCode(97 + ((n - 1) % 26)) + found;
    return found;
  }

  /* Knows a heading by the number that would be printed there, and only then. */
  class Numbers {
    constructor(profile) { this.profile = profile === "neutral" ? "neutral" : "cn"; this.counts = [0, 0, 0, 0]; }
    next(level) { this.counts = this.counts.map((n, at) => (at === level - 1 ? n + 1 : at >= level ? 0 : n)); }
    expected(level) {
      const n = this.counts[level - 1] + 1;
      if (this.profile === "cn") return level < 3 ? chinese(n) : String(n);
      return level === 4 ? letters(n) : [...this.counts.slice(0, level - 1), n].join(".");
    }
    strip(line) {
      for (const level of [4, 3, 2, 1]) {
        const found = TYPED[this.profile][level - 1].exec(line);
        if (found) return { level, number: found[1].replace(/^0+(?=\d)/, ""), length: found[0].length };
      }
      return null;
    }
    heading(line) {
      const found = this.strip(line);
      if (!found) return null;
      const rest = line.slice(found.length).trim();
      const ends = this.profile === "cn" ? /[。；;，,！!？?：:]$/ : /[。；;，,！!？?：:.]$/;
      return rest && rest.length <= LONGEST && !ends.test(rest) && found.number === this.expected(found.level) ? { level: found.level, words: rest } : null;
    }
  }

  const SPACES = /[\t\v\f\r\u0085\u2028\u2029]/g;
  const UNSEEN = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
  const clean = (text) => text.replace(SPACES, " ").replace(UNSEEN, "").normalize("NFC");

  function fromPlain(text, profile, isPasted = false) {
    const numbers = new Numbers(profile);
    const blocks = [];
    const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map(clean);
    const isOneLine = isPasted && lines.length === 1; /* it goes into the line where one is, with its spaces */
    for (const raw of lines) {
      const line = isOneLine ? raw : raw.trim();
      if (!line) continue;
      const found = isOneLine ? null : numbers.heading(line);
      if (found) { numbers.next(found.level); blocks.push(schema.node("heading", { level: found.level }, schema.text(found.words))); }
      else blocks.push(schema.node("paragraph", null, schema.text(line)));
    }
    return schema.node("doc", null, blocks.length ? blocks : [schema.node("paragraph")]);
  }

  /* Nothing that could run or fetch is even parsed; Word's own lists, which are paragraphs with a typed mark, become lists. */
  function cleanHTML(html) {
    const bare = html
      .replace(/<!--\[if !supportLists\]-->([\s\S]*?)<!--\[endif\]-->/gi, (_all, mark) => `<span data-list-mark>${mark}</span>`)
      .replace(/<!\[if !supportLists\]>([\s\S]*?)<!\[endif\]>/gi, (_all, mark) => `<span data-list-mark>${mark}</span>`)
      .replace(/<!--[\s\S]*?-->/g, "")
      .replace(/<!\[[^>]*\]>/g, "")
      .replace(/<(script|style|title|xml|template|noscript|object|svg|math|iframe|head)\b[\s\S]*?<\/\1\s*>/gi, "")
      .replace(/<\/?(?:script|style|link|meta|base|iframe|object|embed|form|input|button|img|picture|source|video|audio|svg|math|o:p|v:[a-z]+|w:[a-z]+)\b[^>]*>/gi, "")
      .replace(/\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
    const page = new DOMParser().parseFromString(bare, "text/html");
    lists(page);
    page.querySelectorAll("[data-list-mark]").forEach((mark) => mark.remove());
    /* Table cells hold paragraphs only. */
    page.querySelectorAll("td li, th li").forEach((item) => { const line = page.createElement("p"); line.append(...item.childNodes); item.replaceWith(line); });
    page.querySelectorAll("td ul, td ol, th ul, th ol").forEach((list) => list.replaceWith(...list.childNodes));
    return page.body.innerHTML;
  }
  function lists(page) {
    const stack = [];
    page.querySelectorAll("p").forEach((line) => {
      const said = /mso-list:\s*l\d+\s+level(\d+)/i.exec(line.getAttribute("style") || "");
      const mark = line.querySelector("[data-list-mark]");
      if (!said || !mark) { stack.length = 0; return; }
      const sign = mark.textContent.trim();
      mark.remove();
      if (/^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[）)]/.test(sign)) { line.prepend(sign); stack.length = 0; return; } /* a heading's number */
      const depth = Math.min(Number(said[1]), 6);
      if (line.previousElementSibling && stack.length && stack[0].list !== line.previousElementSibling) stack.length = 0;
      while (stack.length && stack[stack.length - 1].depth > depth) stack.pop();
      if (!stack.length || stack[stack.length - 1].depth < depth) {
        const list = page.createElement(/^[（(]?[\da-zA-Z]+[.)）、．]/.test(sign) ? "ol" : "ul");
        const around = stack.length ? stack[stack.length - 1].list.lastElementChild : null;
        if (around) around.append(list); else line.before(list);
        stack.push({ depth, list });
      }
      const item = page.createElement("li");
      stack[stack.length - 1].list.append(item);
      item.append(line);
    });
  }

  /* Headings lose the number typed into them, paragraphs with the right number become headings, words lose what is unseen. */
  function cleanSlice(slice, profile) {
    const numbers = new Numbers(profile);
    const cleaned = (node) => {
      if (node.isText) { const words = clean(node.text.replace(/\u00a0/g, " ")); return words ? schema.text(words, node.marks) : null; }
      const inner = [];
      node.forEach((child) => { const one = cleaned(child); if (one) inner.push(one); });
      return node.copy(PM.Fragment.from(inner));
    };
    const blocks = [];
    /* One line goes into the line where one is: whatever number it begins with is part of the sentence. */
    const isOneLine = slice.content.childCount === 1 && slice.openStart > 0;
    slice.content.forEach((node) => {
      let block = cleaned(node);
      if (!block || isOneLine) { if (block) blocks.push(block); return; }
      if (block.type.name === "heading") {
        const words = block.textBetween(0, block.content.size, " ", " ").trim();
        const found = numbers.strip(`${words} `);
        const rest = found ? words.slice(found.length).trim() : words;
        block = block.type.create(block.attrs, rest ? schema.text(rest) : null); /* no marks: a heading's look is its style's */
        numbers.next(block.attrs.level);
      } else if (block.type.name === "paragraph" && !block.attrs.align) {
        const line = block.textBetween(0, block.content.size, "\n", "\n").trim();
        const found = line.includes("\n") ? null : numbers.heading(line);
        if (found) { numbers.next(found.level); block = schema.node("heading", { level: found.level }, schema.text(found.words)); }
      }
      blocks.push(block);
    });
    return new PM.Slice(PM.Fragment.from(blocks), slice.openStart, slice.openEnd);
  }
  Object.assign(window.Manuscript, { fromPlain, cleanHTML, cleanSlice });
})();
