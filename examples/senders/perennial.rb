#!/usr/bin/env ruby
# Sends what happens on a site to Perennial. Ruby 3.0 or newer, standard library only.
#
#     require_relative 'perennial'
#     Perennial.record({ type: 'answer', user: { id: 42, username: 'ana' }, occurred_at: '2026-11-22T10:00:00Z',
#                        content: { type: 'questions.answer', id: 17 } })
#
# `record` returns once the fact is on the disk, in a file of the directory PERENNIAL_OUTBOX. `deliver` sends the files to
# PERENNIAL_URL, signed with PERENNIAL_WEBHOOK_SECRET, and deletes each after a 200. As a command, this file delivers:
#
#     * * * * * flock -n /var/lib/perennial/lock ruby perennial.rb

require 'fileutils'
require 'json'
require 'net/http'
require 'openssl'
require 'securerandom'
require 'time'

module Perennial
  URL = ENV.fetch('PERENNIAL_URL', 'http://127.0.0.1:8787')
  SECRET = ENV.fetch('PERENNIAL_WEBHOOK_SECRET', '')
  OUTBOX = ENV.fetch('PERENNIAL_OUTBOX', 'outbox')

  ITEMS_MAX = 1000
  BYTES_MAX = 1_000_000
  TIMEOUT_SECONDS = 30
  PAUSE_SECONDS_MAX = 300
  RETRY_AFTER_SECONDS_MAX = 3600

  # Perennial refuses every message until a person has changed something, such as the secret. Nothing was deleted.
  class Stopped < StandardError; end

  module_function

  # Stores items of one type of message. `timestamp` is when they became true, in UTC; by default now.
  def record(*items, type: 'contribution.created', timestamp: Time.now.utc.iso8601(3))
    items.each do |item|
      name = format('%015d-%s.json', Time.now.to_f * 1000, SecureRandom.uuid)
      File.open("#{OUTBOX}/.#{name}", File::WRONLY | File::CREAT | File::EXCL) do |file|
        file.write(JSON.generate({ type: type, timestamp: timestamp, item: item }))
        file.fsync
      end
      File.rename("#{OUTBOX}/.#{name}", "#{OUTBOX}/#{name}") # Complete, or not there.
    end
    File.open(OUTBOX, &:fsync)
  end

  # Sends the outbox until it is empty, and returns how many items were refused. Waits and retries while Perennial cannot be
  # reached. A process that is killed loses nothing: what it sent without deleting is sent again, and counts once.
  def deliver
    refused = 0
    most = ITEMS_MAX
    until (batch = next_batch(most)).empty?
      status, answer = send_batch(batch.values)
      names = batch.keys
      reasons = refusals(status, answer, batch.size)
      if status == 200
        batch.zip(answer['results']) do |(name, fact), result|
          conflict = result['status'] == 'conflict'
          report("Conflict, the first one recorded stands: #{JSON.generate(fact['item'])}") if conflict
          File.unlink("#{OUTBOX}/#{name}")
        end
      elsif status == 413 && batch.size > 1
        most = batch.size / 2
      elsif reasons.any?
        reasons.each { |index, reason| set_aside(names[index], reason) }
        refused += reasons.size
      else
        raise Stopped, "#{URL} answered #{status}, and would do so again: #{JSON.generate(answer)}"
      end
    end
    refused
  end

  # The oldest facts that may share a message, by file: several contributions, or a single other fact.
  def next_batch(most)
    batch = {}
    size = 0
    alone = false
    Dir.children(OUTBOX).grep(/\A\d.*\.json\z/).sort.each do |name|
      text = File.read("#{OUTBOX}/#{name}", encoding: 'UTF-8')
      fact = JSON.parse(text)
      size += text.bytesize
      alone ||= fact['type'] != 'contribution.created'
      break if batch.any? && (alone || batch.size == most || size > BYTES_MAX)

      batch[name] = fact
    end
    batch
  end

  # Posts a message, the same bytes with the same ID each time, until the answer is final.
  def send_batch(facts)
    oldest = facts.map { |fact| fact['timestamp'] }.min # Names in it must not look newer than they are.
    message = { type: facts[0]['type'], timestamp: oldest, data: facts.map { |fact| fact['item'] } }
    body = JSON.generate(message)
    (1..).each do |failures|
      status, text, retry_after = post(body)
      answer = parse(text)
      # A 200 without a result for each item is not from Perennial, but from something in between.
      strange = status == 200 && Array(answer['results']).size != facts.size
      return [status, answer] unless strange || [0, 408, 429].include?(status) || status >= 500

      pause = [2**[failures - 1, 20].min, PAUSE_SECONDS_MAX].min * rand(0.5..1.0)
      pause = [pause, retry_after].max
      report(format('%s answered %s: the next attempt is in %.1f s', URL, status.zero? ? text : status, pause))
      sleep(pause)
    end
  end

  # Signs with the current time, as Standard Webhooks specifies, and sends. Status 0 means that no answer came.
  def post(body)
    id = "msg_#{OpenSSL::Digest::SHA256.hexdigest(body)[0, 32]}"
    timestamp = Time.now.to_i
    key = SECRET.delete_prefix('whsec_').unpack1('m')
    signature = [OpenSSL::HMAC.digest('SHA256', key, "#{id}.#{timestamp}.#{body}")].pack('m0')
    headers = {
      'content-type' => 'application/json',
      'webhook-id' => id,
      'webhook-timestamp' => timestamp.to_s,
      'webhook-signature' => "v1,#{signature}"
    }
    uri = URI("#{URL.chomp('/')}/v1/webhooks")
    timeouts = { open_timeout: TIMEOUT_SECONDS, read_timeout: TIMEOUT_SECONDS, write_timeout: TIMEOUT_SECONDS }
    response = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == 'https', **timeouts) do |http|
      http.post(uri.path, body, headers)
    end
    [response.code.to_i, response.body.to_s, seconds_of(response['retry-after'])]
  rescue SystemCallError, IOError, SocketError, Timeout::Error, OpenSSL::SSL::SSLError, Net::ProtocolError,
         Net::HTTPBadResponse => e
    [0, e.message, 0]
  end

  # The seconds of a Retry-After, which may be a date: at most an hour.
  def seconds_of(retry_after)
    seconds = retry_after.to_s.match?(/\A\d*\z/) ? retry_after.to_i : Time.httpdate(retry_after) - Time.now
    seconds.clamp(0, RETRY_AFTER_SECONDS_MAX)
  rescue ArgumentError
    0
  end

  def parse(text)
    value = JSON.parse(text)
    value.is_a?(Hash) ? value : {}
  rescue JSON::ParserError
    {}
  end

  # The reasons for refused items, by their places in the message.
  def refusals(status, answer, count)
    return { 0 => 'larger than a message may be' } if status == 413
    return {} if status != 422

    reasons = Hash.new { |all, index| all[index] = [] }
    Array(answer['errors']).each do |error|
      index = error['pointer'][%r{\A/data/(\d+)}, 1]
      reasons[index.to_i] << "#{error['pointer']}: #{error['detail']}" if index && index.to_i < count
    end
    reasons.transform_values { |all| all.join('; ') }
  end

  # Moves a refused item to the folder `refused`, for a person. To send it again, move it back.
  def set_aside(name, reason)
    FileUtils.mkdir_p("#{OUTBOX}/refused")
    File.rename("#{OUTBOX}/#{name}", "#{OUTBOX}/refused/#{name}")
    report("Refused, and moved to #{OUTBOX}/refused/#{name}: #{reason}")
  end

  def report(text)
    warn(text)
  end
end

if $PROGRAM_NAME == __FILE__
  if ARGV == ['record']
    Perennial.record(*$stdin.each_line.map { |line| JSON.parse(line) })
  else
    begin
      exit(Perennial.deliver.zero?)
    rescue Perennial::Stopped => e
      abort(e.message)
    end
  end
end
