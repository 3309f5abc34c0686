import { textOf } from '../../i18n/texts.js';

/** What a detector calls a damage, in words; a name that the page does not know stays. */
export const className = (name: string): string => textOf(`review.class_${name}`) ?? name;
/** What a person called it. */
export const answerName = (name: string): string => textOf(`review.answer_${name}`) ?? name;
/** Why a person said that it is none. */
export const reasonName = (name: string): string => textOf(`review.reason_${name}`) ?? name;
/** What is to be done about it, or was. */
export const stateName = (name: string): string => textOf(`review.state_${name}`) ?? name;
/** Why it is to be looked at again. */
export const reopenedName = (name: string): string => textOf(`review.reopened_${name}`) ?? name;
