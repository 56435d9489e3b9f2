/** Stands for the calculation in a step's sentence. */
export const HOLE = "\uE000";

/** A number that a clause states and a subgoal asks for. */
export interface Asked {
  money: boolean;
  percent: boolean;
  one: boolean;
  /** The task is about ages: `Jared is □` asks for one. */
  ages: boolean;
}

/** A sentence for a subgoal without capital and dot, and whether a better one may stand elsewhere. */
export interface Draft {
  text: string;
  poor: boolean;
}

export const good = (text: string): Draft => ({ text, poor: false });

export const poor = (text: string): Draft => ({ text, poor: true });
