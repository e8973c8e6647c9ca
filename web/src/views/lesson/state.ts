/** What the page knows of lessons, as signals, and what a learner can do with them. */
import { type Signal, signal } from '@preact/signals';
import type { Grade } from '../../lessons/grade';
import type { Answer, Lesson, Question } from '../../lessons/lesson';
import type { Run } from '../store';
import type { Progress } from './progress';
import type { Verdict } from './verdict';

/** A lesson in the list of them. */
export interface Entry {
  slug: string;
  number: number;
  title: string;
  summary: string;
  questions: number;
}

/**
 *     predict ──Run──▶ running ──▶ revealed
 *        ▲                │ stopped    │ again
 *        └────────────────┴────────────┘
 */
export type Stage = 'predict' | 'running' | 'revealed';

/** What a run says to the predictions. */
export interface Outcome {
  run: Run;
  answers: readonly { grade: Grade; verdict: Verdict }[];
}

export interface LessonState {
  readonly list: readonly Entry[];
  /** What the pane shows: nothing, the list, a lesson (or what a link asks about its program). */
  readonly shown: Signal<'nothing' | 'list' | 'lesson'>;
  readonly lesson: Signal<Lesson | undefined>;
  readonly stage: Signal<Stage>;
  /** The prediction for each question; undefined: none yet. */
  readonly given: Signal<readonly (Answer | undefined)[]>;
  readonly outcome: Signal<Outcome | undefined>;
  /** Run was pressed before everything was predicted. */
  readonly hurried: Signal<boolean>;
  readonly progress: Signal<Progress>;
}

export interface LessonActions {
  predict(question: number, answer: Answer | undefined): void;
  /** Runs the program (or plays its recorded run) without a prediction. */
  reveal(): void;
  again(): void;
  /** Puts other text in places of the program. */
  change(replace: readonly (readonly [string, string])[]): void;
  /** The lesson's own program again. */
  restore(): void;
  close(): void;
  exportProgress(): void;
  importProgress(text: string): void;
  clearProgress(): void;
  /** What can be asked about the run on the page; none: it isn't the run of the program in the editor. */
  ownQuestions(): Question[];
  /** Copies a link to the program that asks first. Empty: it is copied; else the link, to be copied by hand. */
  shareQuiz(questions: readonly Question[]): Promise<string>;
}

export function createLessonState(list: readonly Entry[], progress: Progress): LessonState {
  return {
    list,
    shown: signal<'nothing' | 'list' | 'lesson'>('nothing'),
    lesson: signal<Lesson | undefined>(undefined),
    stage: signal<Stage>('predict'),
    given: signal<readonly (Answer | undefined)[]>([]),
    outcome: signal<Outcome | undefined>(undefined),
    hurried: signal(false),
    progress: signal(progress),
  };
}

/** Whether the run is kept from being seen. */
export function isVeiled({ shown, stage }: LessonState): boolean {
  return shown.value === 'lesson' && stage.value === 'predict';
}
