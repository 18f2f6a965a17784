/* How one writes: keys, what typing turns into, the toolbar. */
"use strict";
(() => {
  const PM = window.ProseMirror;
  if (!PM) return;
  const { schema, remarkPlugin } = window.Manuscript;
  const { nodes, marks } = schema;

  const inNode = (state, test) => { const { $from } = state.selection; for (let d = $from.depth; d > 0; d -= 1) if (test($from.node(d))) return $from.node(d); return null; };
  const isList = (node) => node.type === nodes.bullet_list || node.type === nodes.ordered_list;
  const inTable = (state) => PM.isInTable(state);
  const topLevel = (state) => state.selection.$from.depth === 1 && state.selection.$to.depth === 1;

  /* Commands: (state, dispatch, view) → whether it can be done. */
  const setHeading = (level) => (state, dispatch) => topLevel(state) && PM.setBlockType(nodes.heading, { level })(state, dispatch);
  const setText = (state, dispatch) => (inNode(state, isList) ? PM.liftListItem(nodes.list_item)(state, dispatch) : PM.setBlockType(nodes.paragraph)(state, dispatch));
  const setAlign = (align) => (state, dispatch) => {
    const { from, to } = state.selection;
    const tr = state.tr;
    let found = false;
    state.doc.nodesBetween(from, to, (node, pos) => {
      if (node.type === nodes.paragraph) { found = true; if (node.attrs.align !== align) tr.setNodeAttribute(pos, "align", align); }
    });
    if (found && dispatch) dispatch(tr.scrollIntoView());
    return found;
  };
  const setList = (type) => (state, dispatch) => {
    if (inTable(state)) return false;
    const list = inNode(state, isList);
    if (!list) {
      if (state.selection.$from.parent.type === nodes.heading) {
        return PM.setBlockType(nodes.paragraph)(state, dispatch && ((tr) => { const inner = state.apply(tr); PM.wrapInList(type)(inner, (wrap) => { wrap.steps.forEach((step) => tr.step(step)); dispatch(tr); }); }));
      }
      return PM.wrapInList(type)(state, dispatch);
    }
    if (list.type === type) return PM.liftListItem(nodes.list_item)(state, dispatch);
    const { $from } = state.selection;
    for (let d = $from.depth; d > 0; d -= 1) {
      if ($from.node(d) === list) { if (dispatch) dispatch(state.tr.setNodeMarkup($from.before(d), type)); return true; }
    }
    return false;
  };
  const insertTable = (rows, columns) => (state, dispatch) => {
    if (!topLevel(state)) return false;
    if (dispatch) {
      const cell = (type) => type.createAndFill();
      const row = (type) => nodes.table_row.create(null, Array.from({ length: columns }, () => cell(type)));
      const table = nodes.table.create(null, [row(nodes.table_header), ...Array.from({ length: rows - 1 }, () => row(nodes.table_cell))]);
      const { $from } = state.selection;
      const isBlank = $from.parent.type === nodes.paragraph && !$from.parent.content.size;
      const at = isBlank ? $from.before(1) : $from.after(1);
      const tr = state.tr.replaceWith(at, isBlank ? $from.after(1) : at, table);
      if (tr.doc.nodeAt(at + table.nodeSize) === null) tr.insert(at + table.nodeSize, nodes.paragraph.create());
      dispatch(tr.setSelection(PM.TextSelection.near(tr.doc.resolve(at + 3))).scrollIntoView());
    }
    return true;
  };
  const mark = (type) => (state, dispatch) => state.selection.$from.parent.type !== nodes.heading && PM.toggleMark(type)(state, dispatch);
  const lineBreak = (state, dispatch) => { if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView()); return true; };
  /* Enter in an empty heading, or at its end: on with ordinary text. */
  const afterHeading = (state, dispatch) => {
    const { $from, empty } = state.selection;
    if (!empty || $from.parent.type !== nodes.heading) return false;
    if (!$from.parent.content.size) return PM.setBlockType(nodes.paragraph)(state, dispatch);
    if ($from.parentOffset < $from.parent.content.size) return false;
    if (dispatch) { const tr = state.tr.insert($from.after(), nodes.paragraph.create()); dispatch(tr.setSelection(PM.TextSelection.create(tr.doc, $from.after() + 1)).scrollIntoView()); }
    return true;
  };

  const headingAtStart = (state, dispatch) => {
    const { $from, empty } = state.selection;
    return empty && $from.parent.type === nodes.heading && $from.parentOffset === 0 && PM.setBlockType(nodes.paragraph)(state, dispatch);
  };

  const DO = {
    text: { run: setText, on: (state) => state.selection.$from.parent.type === nodes.paragraph && !inNode(state, isList) },
    heading1: { run: setHeading(1) }, heading2: { run: setHeading(2) }, heading3: { run: setHeading(3) }, heading4: { run: setHeading(4) },
    strong: { run: mark(marks.strong), on: (state) => hasMark(state, marks.strong) },
    em: { run: mark(marks.em), on: (state) => hasMark(state, marks.em) },
    bullets: { run: setList(nodes.bullet_list), on: (state) => isType(inNode(state, isList), nodes.bullet_list) },
    numbers: { run: setList(nodes.ordered_list), on: (state) => isType(inNode(state, isList), nodes.ordered_list) },
    left: { run: setAlign(null), on: (state) => alignOf(state) === null },
    center: { run: setAlign("center"), on: (state) => alignOf(state) === "center" },
    right: { run: setAlign("right"), on: (state) => alignOf(state) === "right" },
    table: { run: insertTable(3, 3) },
    "row-above": { run: PM.addRowBefore }, "row-below": { run: PM.addRowAfter }, "row-delete": { run: PM.deleteRow },
    "column-left": { run: PM.addColumnBefore }, "column-right": { run: PM.addColumnAfter }, "column-delete": { run: PM.deleteColumn },
    merge: { run: PM.mergeCells }, split: { run: PM.splitCell }, "header-row": { run: PM.toggleHeaderRow }, "table-delete": { run: PM.deleteTable },
    undo: { run: PM.undo }, redo: { run: PM.redo },
  };
  [1, 2, 3, 4].forEach((level) => { DO[`heading${level}`].on = (state) => state.selection.$from.parent.type === nodes.heading && state.selection.$from.parent.attrs.level === level; });
  const isType = (node, type) => Boolean(node) && node.type === type;
  const alignOf = (state) => (state.selection.$from.parent.type === nodes.paragraph ? state.selection.$from.parent.attrs.align : undefined);
  function hasMark(state, type) {
    const { from, to, $from, empty } = state.selection;
    return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
  }

  function rules(profile) {
    const heading = (pattern, level) => new PM.InputRule(pattern, (state, _match, start, end) => {
      const $start = state.doc.resolve(start);
      if ($start.depth !== 1 || $start.parent.type !== nodes.paragraph) return null;
      return state.tr.delete(start, end).setBlockType(start, start, nodes.heading, { level });
    });
    const list = (pattern, type) => { const rule = PM.wrappingInputRule(pattern, type); const run = rule.handler; rule.handler = (state, match, start, end) => (state.doc.resolve(start).depth === 1 ? run(state, match, start, end) : null); return rule; };
    const found = [
      ...[1, 2, 3, 4].map((level) => heading(new RegExp(`^#{${level}}\\s$`), level)),
      list(/^\s*[-*•]\s$/, nodes.bullet_list),
      list(/^\s*1[.)）、]\s$/, nodes.ordered_list),
    ];
    if (profile === "cn") found.push(heading(/^[一二三四五六七八九十]{1,3}、$/, 1), heading(/^[（(][一二三四五六七八九十]{1,3}[）)]$/, 2));
    return PM.inputRules({ rules: found });
  }

  function plugins(profile, isFixed) {
    if (isFixed) return [remarkPlugin()];
    const keys = {
      "Mod-b": DO.strong.run, "Mod-i": DO.em.run, "Mod-z": PM.undo, "Mod-y": PM.redo, "Shift-Mod-z": PM.redo,
      "Mod-Alt-0": setText, "Mod-Alt-1": DO.heading1.run, "Mod-Alt-2": DO.heading2.run, "Mod-Alt-3": DO.heading3.run, "Mod-Alt-4": DO.heading4.run,
      "Mod-Shift-8": DO.bullets.run, "Mod-Shift-7": DO.numbers.run, "Mod-Shift-e": DO.center.run, "Mod-Shift-r": DO.right.run, "Mod-Shift-l": DO.left.run,
      Enter: PM.chainCommands(PM.splitListItem(nodes.list_item), afterHeading), "Shift-Enter": lineBreak, "Mod-Enter": lineBreak,
      Tab: PM.chainCommands(PM.goToNextCell(1), PM.sinkListItem(nodes.list_item)), "Shift-Tab": PM.chainCommands(PM.goToNextCell(-1), PM.liftListItem(nodes.list_item)),
      Backspace: PM.chainCommands(PM.undoInputRule, headingAtStart),
    };
    return [
      rules(profile), PM.keymap(keys), PM.keymap(PM.baseKeymap), PM.history(), PM.dropCursor({ class: "manuscript-drop", color: false }), PM.gapCursor(),
      PM.tableEditing(), remarkPlugin(),
    ];
  }

  /* ARIA toolbars, one above and, in a table, one below: one tab stop, arrows move, Escape goes back, Alt+F10 comes here. */
  function toolbar(box, view) {
    const buttons = [...box.querySelectorAll(".manuscript-bar button[data-do]")];
    const parts = [...box.querySelectorAll("[data-in-table]")];
    const usable = () => buttons.filter((button) => !button.closest("[hidden]"));
    let at = buttons[0];
    const point = (button, isMoved) => { at = button; buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; }); if (isMoved) button.focus(); };
    point(at, false);
    /* A press of a button is a step of its own to undo. */
    const dispatch = (transaction) => view.dispatch(PM.closeHistory(transaction));
    box.addEventListener("mousedown", (event) => { if (event.target.closest(".manuscript-bar")) event.preventDefault(); });
    box.addEventListener("click", (event) => {
      const button = event.target.closest(".manuscript-bar button[data-do]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      const { run } = DO[button.dataset.do];
      run(view.state, button.dataset.do === "undo" || button.dataset.do === "redo" ? view.dispatch : dispatch, view);
      point(button, false);
      view.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "F10") { event.preventDefault(); at.focus(); return; }
      const all = usable();
      const n = all.indexOf(document.activeElement);
      if (n < 0) return;
      const to = { ArrowRight: n + 1, ArrowDown: n + 1, ArrowLeft: n - 1, ArrowUp: n - 1, Home: 0, End: all.length - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); point(all[(to + all.length) % all.length], true); }
      else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); view.focus(); }
    });
    function update() {
      const { state } = view;
      const isTable = inTable(state);
      parts.forEach((part) => { part.hidden = !isTable; });
      usable().forEach((button) => {
        const what = DO[button.dataset.do];
        const isOn = Boolean(what.on && what.on(state));
        if (what.on) button.setAttribute("aria-pressed", String(isOn));
        button.setAttribute("aria-disabled", String(!isOn && !what.run(state, null, view)));
      });
      if (at.closest("[hidden]")) point(usable()[0], false);
    }
    return { update };
  }

  Object.assign(window.Manuscript, { plugins, toolbar });
})();
