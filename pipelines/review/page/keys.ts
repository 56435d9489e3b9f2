export const COMMANDS = {
  accept: { keys: ["a"], about: "Accept" },
  reject: { keys: ["r"], about: "Reject: then a number for the reason, Enter to save" },
  edit: { keys: ["e"], about: "Edit the plan: Ctrl+Enter saves, Escape leaves" },
  skip: { keys: ["s"], about: "Skip: no opinion" },
  undo: { keys: ["u"], about: "Undo your last verdict" },
  next: { keys: ["j", "ArrowRight"], about: "Next in the queue" },
  previous: { keys: ["k", "ArrowLeft"], about: "Previous in the queue" },
  open: { keys: ["n"], about: "Next one that you have not decided" },
  context: { keys: ["c"], about: "What is given with the task: open, close" },
  help: { keys: ["?"], about: "These keys" },
} as const;

export type Command = keyof typeof COMMANDS;

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/** What a key asks for; null where it asks for nothing. A key held down goes through the queue, and decides only once. */
export function commandOf({ key, ctrlKey, metaKey, altKey, repeat }: Pressed): Command | null {
  if (ctrlKey || metaKey || altKey) return null;
  const pressed = key.length === 1 ? key.toLowerCase() : key;
  for (const [command, { keys }] of Object.entries(COMMANDS) as [Command, { keys: readonly string[] }][]) {
    if (keys.includes(pressed)) return repeat && command !== "next" && command !== "previous" ? null : command;
  }
  return null;
}

/** `ArrowRight` → `→`. */
export function keyName(key: string): string {
  return { ArrowRight: "→", ArrowLeft: "←" }[key] ?? key;
}
