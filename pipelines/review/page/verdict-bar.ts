import { byId, element } from "./dom.ts";
import { type Command, COMMANDS, keyName } from "./keys.ts";

const BUTTONS: readonly (readonly [Command, string])[] = [
  ["accept", "Accept"],
  ["reject", "Reject"],
  ["edit", "Edit"],
  ["skip", "Skip"],
  ["undo", "Undo"],
  ["previous", "Previous"],
  ["next", "Next"],
  ["open", "Next open"],
];

/** A button for each thing that a key does, and the list of keys in the help. */
export function makeVerdictBar(run: (command: Command) => void): void {
  const bar = byId("verdicts", HTMLElement);
  for (const [command, label] of BUTTONS) {
    const [key] = COMMANDS[command].keys;
    const button = element("button", { type: "button", id: `do-${command}`, class: `do ${command}`, title: COMMANDS[command].about, "aria-keyshortcuts": key }, label, " ", element("kbd", { "aria-hidden": "true" }, key));
    button.addEventListener("click", () => run(command));
    bar.append(button);
  }
  const list = byId("help-keys", HTMLElement);
  for (const { keys, about } of Object.values(COMMANDS)) {
    list.append(element("dt", {}, ...keys.flatMap((key, index) => [...(index > 0 ? [" "] : []), element("kbd", {}, keyName(key))])), element("dd", {}, about));
  }
}

const VERDICTS = ["accept", "reject", "edit", "skip", "undo"] as const satisfies readonly Command[];

/** Whether a command says something of the annotation; the others only go elsewhere. */
export function isVerdict(command: Command): boolean {
  return VERDICTS.some((each) => each === command);
}

/** Which buttons can be used: `none` that gives a verdict while an edit is open, `undo` alone where there is nothing to judge. */
export function offerVerdicts(which: "all" | "undo" | "none"): void {
  byId("verdicts", HTMLElement).hidden = false;
  for (const command of VERDICTS) byId(`do-${command}`, HTMLButtonElement).disabled = which !== "all" && which !== command;
}
