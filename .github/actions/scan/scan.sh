#!/usr/bin/env bash
# Has a deployed ImageScanFunctions app scan an image, and hands its report to the pipeline: GitHub Actions, Azure Pipelines, GitLab, or any shell.
# All input comes by the environment (INPUT_…, see README.md beside this file) and is never evaluated. Needs bash 4, curl 7.55, jq 1.6 and GNU sed.
set -euo pipefail
export LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# What is made for the caller gets the caller's own rights.
usual_mask=$(umask)
umask 077
# What the pipeline is told goes there also from within a substitution.
exec 3>&1

# What a line may hold that a pipeline shows: control characters out, and nothing that it takes for a command.
# https://docs.github.com/actions/reference/workflow-commands-for-github-actions, https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
harmless() { tr '\r\n' '  ' | tr -d '\000-\037\177' | sed -e 's/##vso\[/## vso[/g' -e 's/##\[/## [/g' -e 's/::/: :/g' | cut -c1-1000; }

say() { printf '%s\n' "$*" >&2; }

fail() {
  local text
  text=$(printf '%s' "$*" | harmless)
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then printf '::error title=Image scan::%s\n' "${text//%/%25}" >&3; fi
  if [[ ${TF_BUILD:-} == True ]]; then printf '##vso[task.logissue type=error]%s\n' "$text" >&3; fi
  say "Error: $text"
  exit 2
}

need() { command -v "$1" >/dev/null || fail "$1 is needed, and not on the PATH."; }

# --- What is asked for ---------------------------------------------------------------------------------------------------------------------------

need curl
need jq

image=${INPUT_IMAGE_REF:-}
endpoint=${INPUT_ENDPOINT:-}
format=${INPUT_FORMAT:-table}
output=${INPUT_OUTPUT:-}
exit_code=${INPUT_EXIT_CODE:-0}
timeout=${INPUT_TIMEOUT:-}

[[ -n $image ]] || fail 'image-ref is not given.'
[[ ${#image} -le 1000 && $image != *[[:cntrl:]]* ]] || fail 'image-ref is no name of an image.'
[[ $format =~ ^[a-z0-9-]{1,20}$ ]] || fail 'format is no name of a format.'
[[ $output != *[[:cntrl:]]* ]] || fail 'output is no name of a file.'
[[ $exit_code =~ ^[0-9]{1,3}$ && $((10#$exit_code)) -le 255 ]] || fail 'exit-code must be a number from 0 to 255.'

endpoint=${endpoint%/}
if [[ $endpoint =~ ^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$ ]]; then
  protocol='=https'
elif [[ $endpoint =~ ^http://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$ ]]; then
  protocol='=http'
else
  fail 'endpoint must be an address such as https://scanner.example.com; http:// is for this machine only.'
fi

flag() {
  case "${1:-false}" in
    true | True | TRUE | 1) echo true ;;
    false | False | FALSE | 0 | '') echo false ;;
    *) fail "$2 must be true or false." ;;
  esac
}
fixable=$(flag "${INPUT_IGNORE_UNFIXED:-}" ignore-unfixed)
summary=$(flag "${INPUT_SUMMARY:-true}" summary)
quiet=$(flag "${INPUT_HIDE_PROGRESS:-}" hide-progress)

# Trivy's words and StackRox's, to StackRox's.
severities=()
IFS=',' read -r -a words <<<"${INPUT_SEVERITY:-}"
for word in ${words[@]+"${words[@]}"}; do
  word=${word//[[:space:]]/}
  case "${word,,}" in
    critical) severities+=(critical) ;;
    high | important) severities+=(important) ;;
    medium | moderate) severities+=(moderate) ;;
    low | negligible) severities+=(low) ;;
    unknown) severities+=(unknown) ;;
    '') ;;
    *) fail 'severity must be of CRITICAL, HIGH, MEDIUM, LOW, UNKNOWN, with commas between.' ;;
  esac
done
severity=$(IFS=','; printf '%s' "${severities[*]-}")

# 300, 300s, 5m, 5m0s, 1h30m
seconds=600
if [[ -n $timeout ]]; then
  [[ $timeout =~ ^(([0-9]{1,5})|(([0-9]{1,3})h)?(([0-9]{1,4})m)?(([0-9]{1,5})s)?)$ ]] || fail 'timeout must be a time such as 300, 300s or 5m0s.'
  seconds=$((10#${BASH_REMATCH[2]:-0} + 10#${BASH_REMATCH[4]:-0} * 3600 + 10#${BASH_REMATCH[6]:-0} * 60 + 10#${BASH_REMATCH[8]:-0}))
  [[ $seconds -gt 0 ]] || fail 'timeout must be more than nothing.'
fi
left() { local rest=$((seconds - SECONDS)); [[ $rest -gt 0 ]] || fail "It took longer than the timeout, $seconds seconds."; echo "$rest"; }

# The form of .trivyignore: an id a line, # for comments, exp:2027-01-31 for the day from which on it counts no more.
echo '[]' >"$work/ignored"
IFS=',' read -r -a files <<<"${INPUT_IGNOREFILE:-${INPUT_TRIVYIGNORES:-}}"
for file in ${files[@]+"${files[@]}"}; do
  [[ -n $file ]] || continue
  [[ -f $file && -r $file ]] || fail "ignorefile: there is no file $file."
  # By files: a list may be longer than an argument may be.
  tr '\t\v\f\r' '    ' <"$file" | jq -Rn --slurpfile before "$work/ignored" --arg today "$(date -u +%F)" '
    $before[0] + [inputs | split(" ") | map(select(length > 0)) | select(length > 0 and (.[0] | startswith("#") | not))
      | . as $fields | ([$fields[1:][] | select(startswith("exp:"))] | first // "") as $day
      | select($day == "" or (($day | test("^exp:[0-9]{4}-[0-9]{2}-[0-9]{2}$")) and $day[4:] > $today))
      | $fields[0] | ascii_upcase]' >"$work/ignored.next" || fail "ignorefile: $file cannot be read."
  mv -- "$work/ignored.next" "$work/ignored"
done

# --- Who asks ------------------------------------------------------------------------------------------------------------------------------------

# Tokens go by files that nobody else can read, never by arguments, which all can see.
# A regular expression with such a bound takes seconds and gigabytes.
is_token() { [[ -n $1 && ${#1} -le 16000 && $1 != *[^!-~]* ]]; }

header() { # NAME-OF-FILE TOKEN
  is_token "$2" || fail 'The token has characters that no token has.'
  printf 'Authorization: Bearer %s\n' "$2" >"$work/$1"
}

mask() { if [[ ${GITHUB_ACTIONS:-} == true ]]; then printf '::add-mask::%s\n' "$1" >&3; fi; }

# The job's own JWT: https://docs.github.com/actions/reference/openid-connect-reference#methods-for-requesting-the-oidc-token,
# https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create, https://docs.gitlab.com/ci/secrets/id_token_authentication/
job_token() {
  local audience=${INPUT_AUDIENCE:-$endpoint} answer
  if [[ -n ${INPUT_ID_TOKEN:-} ]]; then
    printf '%s' "$INPUT_ID_TOKEN"
  elif [[ -n ${ACTIONS_ID_TOKEN_REQUEST_URL:-} && -n ${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-} ]]; then
    header github "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"
    answer=$(curl --silent --show-error --fail --proto "$oidc_protocol" --max-time 30 --max-filesize 1000000 --header "@$work/github" \
      "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$(jq -rn --arg text "$audience" '$text | @uri')" 2>"$work/oidc") || fail "GitHub gives the job no token: $(cat "$work/oidc")"
    jq -r '.value // ""' <<<"$answer"
  elif [[ -n ${SYSTEM_OIDCREQUESTURI:-} && -n ${SYSTEM_ACCESSTOKEN:-} && -n ${INPUT_SERVICE_CONNECTION:-} ]]; then
    header azure "$SYSTEM_ACCESSTOKEN"
    answer=$(curl --silent --show-error --fail --proto "$oidc_protocol" --max-time 30 --max-filesize 1000000 --header "@$work/azure" \
      --header 'Content-Type: application/json' --data '' \
      "$SYSTEM_OIDCREQUESTURI?api-version=7.1&serviceConnectionId=$(jq -rn --arg text "$INPUT_SERVICE_CONNECTION" '$text | @uri')" \
      2>"$work/oidc") || fail "Azure DevOps gives the job no token: $(cat "$work/oidc")"
    jq -r '.oidcToken // ""' <<<"$answer"
  fi
}

# The runner's own service is asked over TLS, but for a test on this machine.
oidc_protocol='=https'
if [[ $protocol == '=http' ]]; then oidc_protocol='=http,https'; fi

# --- Asking --------------------------------------------------------------------------------------------------------------------------------------

# Asks the app: request METHOD PATH FILE [curl's options]. The status is in $status, the headers in $work/head. No redirect is followed. What passes is
# asked again: 429 and 503, and of what changes nothing a gateway's 502 and 504, and a connection that fails, ends or says nothing for 100 s
# (7, 18, 28, 52, 56: https://curl.se/libcurl/c/libcurl-errors.html).
request() {
  local method=$1 path=$2 file=$3 attempt pause rest code why
  shift 3
  for attempt in 1 2 3 4 5; do
    rest=$(left)
    code=0
    : >"$work/head"
    status=$(curl --silent --show-error --proto "$protocol" --max-redirs 0 --connect-timeout 10 --speed-limit 1 --speed-time 100 --max-time "$rest" \
      --max-filesize 268435456 --request "$method" --dump-header "$work/head" --output "$file" --write-out '%{http_code}' "$@" \
      "$endpoint$path" 2>"$work/curl") || code=$?
    case "$attempt $method $code $status" in
      [1-4]' '*' 0 429' | [1-4]' '*' 0 503' | [1-4]' GET 0 502' | [1-4]' GET 0 504') why="The app answered $status" ;;
      *' 0 '*) return 0 ;;
      [1-4]' GET 7 '* | [1-4]' GET 18 '* | [1-4]' GET 28 '* | [1-4]' GET 52 '* | [1-4]' GET 56 '*) why=$(harmless <"$work/curl") why=${why% } ;;
      *) fail "$endpoint cannot be asked: $(cat "$work/curl")" ;;
    esac
    pause=$(pause_of)
    say "$why; asking again in $pause s."
    sleep "$pause"
  done
}

head_of() { sed -n "s/^$1: *\([^\r]*\)\r*\$/\1/Ip" "$work/head" | tail -n 1; }

pause_of() {
  local asked
  asked=$(head_of Retry-After)
  if [[ $asked =~ ^[0-9]{1,4}$ ]]; then asked=$((10#$asked)); else asked=2; fi
  [[ $asked -ge 1 ]] || asked=1
  [[ $asked -le 30 ]] || asked=30
  echo "$asked"
}

refuse() { # FILE WHAT
  local message
  message=$(jq -r '.message // ""' "$1" 2>/dev/null || true)
  fail "$2: the app answered $status${message:+: }$message"
}

if [[ -n ${INPUT_TOKEN:-} ]]; then
  header app "$INPUT_TOKEN"
  mask "$INPUT_TOKEN"
else
  jwt=$(job_token)
  [[ -n $jwt ]] || fail 'There is no token: give one as token, or let the job have one of its own (permissions: id-token: write).'
  is_token "$jwt" || fail 'What the pipeline gave is no token.'
  mask "$jwt"
  jq -n --rawfile jwt <(printf '%s' "$jwt") '{idToken: $jwt}' >"$work/jwt"
  request POST /v1/auth/m2m/exchange "$work/exchanged" --header 'Content-Type: application/json' --data-binary "@$work/jwt"
  [[ $status == 200 ]] || refuse "$work/exchanged" 'The token of the job is not taken'
  exchanged=$(jq -r '.accessToken // ""' "$work/exchanged" 2>/dev/null) || fail "$endpoint does not answer as this app does."
  [[ -n $exchanged ]] || fail "$endpoint does not answer as this app does."
  header app "$exchanged"
  mask "$exchanged"
fi
app=(--header "@$work/app")

jq -n --arg image "$image" '{imageName: $image}' >"$work/body"
# The id may be an index's, which is several images, and an image may have several names, by which exceptions go: what asks for it says which.
platform=''
if [[ -n ${INPUT_PLATFORM:-} ]]; then platform="platform=$(jq -rn --arg text "$INPUT_PLATFORM" '$text | @uri')"; fi
asked="name=$(jq -rn --arg text "$image" '$text | @uri')${platform:+&$platform}"
request POST "/v1/images/scan${platform:+?$platform}" "$work/scan" "${app[@]}" --header 'Content-Type: application/json' --header 'Prefer: respond-async, wait=2' \
  --data-binary "@$work/body"
case $status in
  200) id=$(jq -r '.id // ""' "$work/scan" 2>/dev/null || true) ;;
  202)
    job=$(head_of Location)
    [[ $job =~ ^/v1/scans/[A-Za-z0-9._~%-]+(\?[A-Za-z0-9._~%=\&,-]*)?$ ]] || fail "$endpoint does not answer as this app does."
    while true; do
      request GET "$job" "$work/scan" "${app[@]}"
      case $status in
        303) break ;;
        200)
          state=$(jq -r '.state // ""' "$work/scan" 2>/dev/null || true)
          [[ $state != FAILED ]] || fail "It could not be scanned: $(jq -r '.error.message // ""' "$work/scan")"
          if [[ $quiet == false ]]; then
            say "$(jq -r '"\(.state | ascii_downcase): \([.layers[] | select(.state == "DONE" or .state == "KNOWN")] | length) of \(.layers | length) layers"' \
              "$work/scan" 2>/dev/null | harmless)"
          fi
          ;;
        *) refuse "$work/scan" 'The scan cannot be followed' ;;
      esac
      sleep "$(pause_of)"
    done
    id=$(head_of Location)
    id=${id#/v1/images/}
    id=${id%%\?*}
    ;;
  *) refuse "$work/scan" 'It could not be scanned' ;;
esac
[[ $id =~ ^sha256:[0-9a-f]{64}$ ]] || fail "$endpoint does not answer as this app does."

# --- Reporting -----------------------------------------------------------------------------------------------------------------------------------

request GET "/v1/images/$id?$asked" "$work/image" "${app[@]}"
[[ $status == 200 ]] || refuse "$work/image" 'The result cannot be read'

jq --slurpfile ignored "$work/ignored" --arg wanted "$severity" --argjson fixable "$fixable" '
  ($wanted | split(",")) as $names
  | (reduce $ignored[0][] as $id ({}; .[$id] = true)) as $known
  | [.scan.components[].vulns[]
      | {severity: (.severity | sub("_VULNERABILITY_SEVERITY$"; "") | ascii_downcase), cve: (.cve | ascii_upcase), fixed: ((.fixedBy // "") != "")}
      | select($known[.cve] | not)
      | select($wanted == "" or (.severity as $one | $names | index($one) != null))
      | select(($fixable | not) or .fixed)] as $found
  | def count($name): [$found[] | select(.severity == $name)] | length;
    {critical: count("critical"), high: count("important"), medium: count("moderate"), low: count("low"), unknown: count("unknown"),
     total: ($found | length), fixable: ([$found[] | select(.fixed)] | length)}' "$work/image" >"$work/counts" 2>/dev/null ||
  fail "$endpoint does not answer as this app does."

narrowed="&$asked${severity:+&severity=$severity}"
if [[ $fixable == true ]]; then narrowed+='&fixable=true'; fi

report() { # FORMAT FILE
  if [[ $1 == json ]]; then
    cp -- "$work/image" "$2"
    return
  fi
  request GET "/v1/images/$id?format=$1$narrowed" "$2" "${app[@]}"
  [[ $status == 200 ]] || refuse "$2" "There is no report in the format $1"
}

report "$format" "$work/report"
# What is from here on is no secret, and whoever comes after in the pipeline may be another user.
umask "$usual_mask"
if [[ -n $output ]]; then
  mkdir -p -- "$(dirname -- "$output")"
  cat "$work/report" >"$output"
else
  # Whatever is in the report, no line of it is a command to the pipeline.
  stop="imagescan-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then printf '::stop-commands::%s\n' "$stop"; fi
  sed -e 's/##vso\[/## vso[/g' -e 's/##\[/## [/g' "$work/report"
  if [[ ${GITHUB_ACTIONS:-} == true ]]; then printf '\n::%s::\n' "$stop"; fi
fi

if [[ -n ${INPUT_SARIF_OUTPUT:-} ]]; then
  [[ $INPUT_SARIF_OUTPUT != *[[:cntrl:]]* ]] || fail 'sarif-output is no name of a file.'
  report sarif "$work/sarif"
  cat "$work/sarif" >"$INPUT_SARIF_OUTPUT"
fi

if [[ $summary == true && -n ${GITHUB_STEP_SUMMARY:-} ]]; then
  report markdown "$work/card"
  cat "$work/card" >>"$GITHUB_STEP_SUMMARY"
fi

if [[ -n ${GITHUB_OUTPUT:-} ]]; then
  {
    jq -r 'to_entries[] | "\(.key)=\(.value)"' "$work/counts"
    printf 'image-id=%s\n' "$id"
    printf 'report=%s\n' "$output"
  } >>"$GITHUB_OUTPUT"
fi

if [[ $(jq length "$work/ignored") -gt 0 && $format != json ]]; then
  say 'What ignorefile names does not count, but the report, which the app writes, shows it.'
fi
# An answer of the app names a vulnerability by one id, mostly its CVE.
unheeded=$(jq -r --slurpfile ignored "$work/ignored" '
  (reduce (.scan.components[].vulns[].cve | ascii_upcase) as $cve ({}; .[$cve] = true)) as $found
  | [$ignored[0][] | select((startswith("CVE-") | not) and ($found[.] | not))] | .[:20] | join(", ")' "$work/image" | harmless)
if [[ -n $unheeded ]]; then
  say "Warning: ignorefile names what no finding of this image is called by, so it has no effect; give the CVE instead: $unheeded"
fi
if jq -e '.scan.notes | index("PARTIAL_SCAN_DATA")' "$work/image" >/dev/null; then
  say 'Warning: not everything could be looked at; the report says what.'
fi
say "$(jq -r '"\(.total) vulnerabilities: \(.critical) critical, \(.high) high, \(.medium) medium, \(.low) low, \(.unknown) unknown; \(.fixable) fixable"' "$work/counts")"

if [[ $(jq .total "$work/counts") -gt 0 ]]; then
  exit "$((10#$exit_code))"
fi
