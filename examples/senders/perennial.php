<?php
/*
 * Sends what happens on a site to Perennial. PHP 8.1 or newer with its standard extensions, without packages.
 *
 *     require 'perennial.php';
 *     Perennial\record([['type' => 'answer', 'user' => ['id' => 42, 'username' => 'ana'],
 *         'occurred_at' => '2026-11-22T10:00:00Z', 'content' => ['type' => 'questions.answer', 'id' => 17]]]);
 *
 * `record` returns once the facts are on the disk, in files of the directory PERENNIAL_OUTBOX. `deliver` sends the files to
 * PERENNIAL_URL, signed with PERENNIAL_WEBHOOK_SECRET, and deletes each after a 200. As a command, this file delivers:
 *
 *     * * * * * flock -n /var/lib/perennial/lock php perennial.php
 */

namespace Perennial;

define('Perennial\URL', getenv('PERENNIAL_URL') ?: 'http://127.0.0.1:8787');
define('Perennial\SECRET', getenv('PERENNIAL_WEBHOOK_SECRET') ?: '');
define('Perennial\OUTBOX', getenv('PERENNIAL_OUTBOX') ?: 'outbox');

const ITEMS_MAX = 1000;
const BYTES_MAX = 1_000_000;
const TIMEOUT_SECONDS = 30;
const PAUSE_SECONDS_MAX = 300;
const RETRY_AFTER_SECONDS_MAX = 3600;
const JSON = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_PRESERVE_ZERO_FRACTION | JSON_THROW_ON_ERROR;

/** Perennial refuses every message until a person has changed something, such as the secret. Nothing was deleted. */
class Stopped extends \Exception
{
}

/** Writes a file and syncs it to the disk, or only syncs a directory. */
function sync(string $path, string $mode, ?string $text = null): void
{
    $file = fopen($path, $mode) ?: throw new \RuntimeException("Cannot open $path");
    if ($text !== null && fwrite($file, $text) !== strlen($text)) {
        throw new \RuntimeException("Cannot write $path");
    }
    fsync($file) || throw new \RuntimeException("Cannot sync $path");
    fclose($file);
}

/** Stores items of one type of message. `$timestamp` is when they became true, in UTC; by default now. */
function record(array $items, string $type = 'contribution.created', ?string $timestamp = null): void
{
    $timestamp ??= (new \DateTimeImmutable('now', new \DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.v\Z');
    foreach ($items as $item) {
        $name = sprintf('%015d-%s.json', microtime(true) * 1000, bin2hex(random_bytes(16)));
        $fact = ['type' => $type, 'timestamp' => $timestamp, 'item' => $item];
        sync(OUTBOX . "/.$name", 'x', json_encode($fact, JSON));
        rename(OUTBOX . "/.$name", OUTBOX . "/$name"); // The file appears only once it is complete.
    }
    sync(OUTBOX, 'r');
}

/**
 * Sends the outbox until it is empty, and returns how many items were refused. Waits and retries while Perennial cannot be
 * reached. A process that is killed loses nothing: what it sent without deleting is sent again, and counts once.
 */
function deliver(): int
{
    $refused = 0;
    $most = ITEMS_MAX;
    while ($batch = next_batch($most)) {
        [$status, $answer] = send(array_values($batch));
        $names = array_keys($batch);
        $reasons = refusals($status, $answer, count($batch));
        if ($status === 200) {
            foreach ($names as $index => $name) {
                if ($answer->results[$index]->status === 'conflict') {
                    report('Conflict, the first one recorded stands: ' . json_encode($batch[$name]->item, JSON));
                }
                unlink(OUTBOX . "/$name");
            }
        } elseif ($status === 413 && count($batch) > 1) {
            $most = intdiv(count($batch), 2);
        } elseif ($reasons) {
            foreach ($reasons as $index => $reason) {
                set_aside($names[$index], $reason);
            }
            $refused += count($reasons);
        } else {
            throw new Stopped(URL . " answered $status, and would do so again: " . json_encode($answer, JSON));
        }
    }
    return $refused;
}

/** The oldest facts that may share a message, by file: several contributions, or a single other fact. */
function next_batch(int $most): array
{
    [$batch, $size, $alone] = [[], 0, false];
    foreach (preg_grep('/^\d.*\.json$/', scandir(OUTBOX)) as $name) {
        $text = file_get_contents(OUTBOX . "/$name");
        $fact = json_decode($text, flags: JSON_THROW_ON_ERROR);
        $size += strlen($text);
        $alone = $alone || $fact->type !== 'contribution.created';
        if ($batch && ($alone || count($batch) === $most || $size > BYTES_MAX)) {
            break;
        }
        $batch[$name] = $fact;
    }
    return $batch;
}

/** Posts a message, the same bytes with the same ID each time, until the answer is final. */
function send(array $facts): array
{
    $oldest = min(array_column($facts, 'timestamp')); // Names in it must not look newer than they are.
    $message = ['type' => $facts[0]->type, 'timestamp' => $oldest, 'data' => array_column($facts, 'item')];
    $body = json_encode($message, JSON);
    for ($failures = 1; ; $failures++) {
        [$status, $text, $retry_after] = post($body);
        $answer = json_decode($text);
        // A 200 without a result for each item is not from Perennial, but from something in between.
        $is_strange = $status === 200 && count($answer->results ?? []) !== count($facts);
        $is_temporary = $is_strange || in_array($status, [0, 408, 429], true) || $status >= 500;
        if (!$is_temporary) {
            return [$status, $answer];
        }
        $pause = min(2 ** ($failures - 1), PAUSE_SECONDS_MAX) * random_int(500, 1000) / 1000;
        $pause = max($pause, $retry_after);
        report(sprintf('%s answered %s: the next attempt is in %.1f s', URL, $status ?: $text, $pause));
        usleep((int) ($pause * 1e6));
    }
}

/** Signs with the current time, as Standard Webhooks specifies, and sends. Status 0 means that no answer came. */
function post(string $body): array
{
    $id = 'msg_' . substr(hash('sha256', $body), 0, 32);
    $timestamp = time();
    $key = base64_decode(preg_replace('/^whsec_/', '', SECRET));
    $signature = base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $key, true));
    $headers = [
        'content-type: application/json',
        "webhook-id: $id",
        "webhook-timestamp: $timestamp",
        "webhook-signature: v1,$signature",
    ];
    $options = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'timeout' => TIMEOUT_SECONDS,
        'ignore_errors' => true, 'follow_location' => 0];
    $stream = @fopen(rtrim(URL, '/') . '/v1/webhooks', 'r', false, stream_context_create(['http' => $options]));
    if ($stream === false) {
        return [0, error_get_last()['message'] ?? 'nothing', 0];
    }
    $received = stream_get_meta_data($stream)['wrapper_data'];
    $text = stream_get_contents($stream) ?: '';
    fclose($stream);
    preg_match('/^HTTP\/\S+ (\d+)/', $received[0] ?? '', $status);
    $retry_after = preg_filter('/^retry-after:\s*/i', '', $received);
    return [(int) ($status[1] ?? 0), $text, seconds_of(end($retry_after) ?: '0')];
}

/** The seconds of a Retry-After, which may be a date: at most an hour. */
function seconds_of(string $retry_after): int
{
    $seconds = ctype_digit($retry_after) ? (int) $retry_after : strtotime($retry_after) - time();
    return min(max($seconds, 0), RETRY_AFTER_SECONDS_MAX);
}

/** The reasons for refused items, by their places in the message. */
function refusals(int $status, mixed $answer, int $count): array
{
    if ($status === 413) {
        return [0 => 'larger than a message may be'];
    }
    $reasons = [];
    foreach ($status === 422 ? $answer->errors ?? [] : [] as $error) {
        if (preg_match('/^\/data\/(\d+)/', $error->pointer, $place) && $place[1] < $count) {
            $reasons[(int) $place[1]][] = "$error->pointer: $error->detail";
        }
    }
    return array_map(fn (array $all) => implode('; ', $all), $reasons);
}

/** Moves a refused item to the folder `refused`, for a person. To send it again, move it back. */
function set_aside(string $name, string $reason): void
{
    is_dir(OUTBOX . '/refused') || mkdir(OUTBOX . '/refused');
    rename(OUTBOX . "/$name", OUTBOX . "/refused/$name");
    report('Refused, and moved to ' . OUTBOX . "/refused/$name: $reason");
}

function report(string $text): void
{
    fwrite(STDERR, "$text\n");
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    if (($argv[1] ?? '') === 'record') {
        record(array_map(json_decode(...), file('php://stdin', FILE_IGNORE_NEW_LINES)));
        exit;
    }
    try {
        exit(deliver() > 0 ? 1 : 0);
    } catch (Stopped $stopped) {
        report($stopped->getMessage());
        exit(1);
    }
}
