/** The states that a regular expression can be in, by Thompson's construction. */
import { Unsupported } from "./failures";

export type Accepts = (char: number) => boolean;
/** Of a place between two characters. */
export type Holds = (characters: readonly number[], place: number) => boolean;

export interface State {
  /** The character that leads on; without one, every next state is reached at once. */
  readonly accepts?: Accepts;
  /** What has to hold between two characters for going on. */
  readonly holds?: Holds;
  next: number[];
}

export type Node =
  | { readonly kind: "char"; readonly accepts: Accepts }
  | { readonly kind: "place"; readonly holds: Holds }
  | { readonly kind: "all" | "any"; readonly parts: readonly Node[] }
  | { readonly kind: "repeat"; readonly part: Node; readonly least: number; readonly most: number };

const MOST_STATES = 5_000;

/** The first one begins; the last one, which leads nowhere, is that of a match. */
export function statesOf(node: Node): readonly State[] {
  const states = new States();
  states.finish(states.build(node));
  return states.all;
}

/** `build` appends the states of a part, the first of which is where it begins, and gives those that lead on. */
class States {
  readonly all: State[] = [];

  build(node: Node): State[] {
    switch (node.kind) {
      case "char":
        return [this.add({ accepts: node.accepts, next: [] })];
      case "place":
        return [this.add({ holds: node.holds, next: [] })];
      case "all":
        return node.parts.reduce((ends, part) => this.behind(ends, part), [this.add({ next: [] })]);
      case "any": {
        const fork = this.add({ next: [] });
        return node.parts.flatMap((part) => this.behind([fork], part));
      }
      case "repeat":
        return this.repeat(node.part, node.least, node.most);
    }
  }

  finish(ends: readonly State[]): void {
    this.close(ends, this.all.length);
    this.add({ next: [] });
  }

  private repeat(part: Node, least: number, most: number): State[] {
    let ends = [this.add({ next: [] })];
    for (let time = 0; time < least; time += 1) ends = this.behind(ends, part);
    if (most === Infinity) {
      this.close(ends, this.all.length);
      const fork = this.add({ next: [] });
      this.close(this.behind([fork], part), this.all.indexOf(fork));
      return [fork];
    }
    const skipped: State[] = [];
    for (let time = least; time < most; time += 1) {
      skipped.push(...ends);
      ends = this.behind(ends, part);
    }
    return [...skipped, ...ends];
  }

  private behind(ends: readonly State[], part: Node): State[] {
    this.close(ends, this.all.length);
    return this.build(part);
  }

  private close(ends: readonly State[], target: number): void {
    for (const end of ends) end.next.push(target);
  }

  private add(state: State): State {
    if (this.all.length >= MOST_STATES) throw new Unsupported("A large regular expression");
    this.all.push(state);
    return state;
  }
}
