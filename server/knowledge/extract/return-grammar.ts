// A small grammar of what kernel-doc says a function returns; what it does not know yields nothing.
import type { Returns } from "../schema.ts";

const success = "(?:success(?:ful(?:ly)?)?|succe(?:ss|eds?)|ok|okay|all went (?:fine|well)|done|completion)";
const zero = "(?:%?'?\\b0'?|\\bzero\\b)";
const zeroOnSuccess = new RegExp(
  `${zero}(?: value)?,?(?: is returned)?(?: -| =|:)? ?(?:on|if|for|when|upon|in case of|in|means|indicates)? ?(?:the |it |everything |operation |was |is |went |a )*${success}|${success}(?: =|:|,)? ?(?:returns? )?${zero}`,
);
const zeroOrNegative = new RegExp(
  `${zero},? (?:or|else|otherwise) (?:an? |the )?(?:appropriate |proper )?(?:negative|-e|-errno|%?-e)`,
);
const negative =
  /\bnegative\b(?! (?:number of|values? (?:are|is) (?:valid|ok)))|(?:^|[^\w-])%?-\s?e(?:[a-z]{2,}\d*|rrno)\b|-\s?err(?:no|or)?\b|< ?%?0\b|\berrno\b/;
const nonzero =
  /non-?\s?zero|not (?:0|zero)\b|!= ?0|!0\b|error code|error value|\berrors? otherwise|(?:else|otherwise),? (?:an )?error|error on failure|(?:else|otherwise) -1|-1 (?:on|if|otherwise|for|in)/;
const minusOne = /(?:^|[^\w-])-1\b/;
const errorPointer = /\berr_ptr\b|\bis_err\b|\berror pointer|\bptr_err\b|pointer[ -]encoded|err-ptr|\berrptr\b/;
const nullOnFailure =
  /(?:\bor|\belse|\botherwise|\breturns?|,|;|^|\.|:) ?(?:a |the )?[%@]?null\b(?: pointer)?|[%@]?\bnull\b (?:pointer )?(?:is returned )?(?:on|if|when|in case|otherwise|upon|for|at)\b|on (?:failure|error)[,:]? [%@]?null/;

/** Reads the text of a `Return:` section, or of a sentence that begins with "Returns". */
export function readReturn(text: string): Returns | undefined {
  const said = text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^[-*:\s]*(?:returns? )?/, "")
    .replace(/[.\s]+$/, "");
  if (said === "") return undefined;
  if (/^(?:nothing|none|void|n\/a|no return value|no value|not applicable)$/.test(said)) return "void";
  if (/bytes? (?:that |which )?(?:could not|couldn't|not|cannot) (?:be )?copied|bytes left to copy/.test(said))
    return "bytes-not-copied";
  const isNull = /\bnull\b/.test(said);
  if (errorPointer.test(said)) {
    if (!isNull || /never (?:returns? )?[%@]?null|(?:not|non)[ -][%@]?null/.test(said)) return "errptr-on-failure";
    return nullOnFailure.test(said) ? "null-or-errptr" : undefined;
  }
  if (/^[%@]?(?:true|false)\b/.test(said) && !negative.test(said))
    return isNull && !/if|when/.test(said) ? undefined : "boolean";
  if (isNull) return nullOnFailure.test(said) && !/\berrno\b|%?-e[a-z]{3,}/.test(said) ? "null-on-failure" : undefined;
  return number(said);
}

function number(said: string): Returns | undefined {
  const zeroMeansFailure =
    /(?<!non-?)(?:%?\b0|\bzero)(?: value)? (?:is returned )?(?:on|in case of|upon) (?:an? )?(?:failure|error)|(?:%?\b0|\bzero) if (?:it|the \w+|an error|allocation) (?:fail|occur)/.test(
      said,
    );
  const onSuccess = zeroOnSuccess.test(said) || zeroOrNegative.test(said);
  if (negative.test(said)) {
    if (zeroMeansFailure || minusOne.test(said)) return undefined;
    // "Non-negative" and "negative if a is less" speak of values.
    if (/non-negative|not negative/.test(said) && !/-e[a-z]{3,}|errno|negative err/.test(said)) return undefined;
    if (/negative if (?:@?\w+ (?:is )?(?:<|less|smaller))|less than zero if/.test(said)) return undefined;
    const failing = /error|errno|fail|-\s?e[a-z]{3,}|otherwise|not found|invalid/.test(said);
    return onSuccess || failing ? "negative-errno" : undefined;
  }
  if (onSuccess && !zeroMeansFailure && (nonzero.test(said) || minusOne.test(said))) return "nonzero-on-failure";
  if (zeroMeansFailure && !onSuccess) return "zero-on-failure";
  return undefined;
}
