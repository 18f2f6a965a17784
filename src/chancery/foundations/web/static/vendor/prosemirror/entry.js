/* What the editor takes from ProseMirror. The bundle beside this file is made of it: see the README one folder up. */
export { Schema, Fragment, Slice } from "prosemirror-model";
export { EditorState, Plugin, PluginKey, TextSelection } from "prosemirror-state";
export { EditorView, Decoration, DecorationSet } from "prosemirror-view";
export { baseKeymap, chainCommands, setBlockType, toggleMark } from "prosemirror-commands";
export { keymap } from "prosemirror-keymap";
export { history, closeHistory, undo, redo } from "prosemirror-history";
export { inputRules, InputRule, wrappingInputRule, undoInputRule } from "prosemirror-inputrules";
export { wrapInList, splitListItem, liftListItem, sinkListItem } from "prosemirror-schema-list";
export {
  tableNodes, tableEditing, fixTables, goToNextCell, isInTable, addRowBefore, addRowAfter, addColumnBefore, addColumnAfter,
  deleteRow, deleteColumn, deleteTable, mergeCells, splitCell, toggleHeaderRow,
} from "prosemirror-tables";
export { gapCursor } from "prosemirror-gapcursor";
export { dropCursor } from "prosemirror-dropcursor";
