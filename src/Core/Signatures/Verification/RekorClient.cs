using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// Asks a transparency log about a signature that brings no proof along (https://github.com/sigstore/rekor/blob/main/openapi.yaml,
/// searchLogQuery). What it answers is believed no more than what signatures bring.
/// </summary>
internal sealed class RekorClient(HttpMessageHandler handler, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private const string PublicUrl = "https://rekor.sigstore.dev";
    private const int MaxAnswerBytes = 1024 * 1024;
    private const int MaxEntries = 8;
    private readonly HttpMessageInvoker _door = new(handler);

    /// <summary>A client that connects to public addresses only.</summary>
    public static RekorClient Guarded(TimeSpan timeout, TimeProvider time) =>
        new(new AddressGuard(AddressGuard.ResolveBySystemAsync, timeout).HandlerFor(AddressRule.Public, new ImageLimits().HeaderKibibytes), timeout, time);

    /// <summary>The time that the log has for all questions of one answer, from now on. The caller disposes it.</summary>
    public CancellationTokenSource Clock() => new(timeout, time);

    /// <summary>
    /// What the log has of the signature; empty if nothing. Throws <see cref="UnverifiedException"/>: Error for an address that cannot be one,
    /// Failed, for now, where the log does not answer.
    /// </summary>
    /// <param name="url">The log's address; "" for the public one.</param>
    /// <param name="signature">What is asked about.</param>
    /// <param name="signerPem">The signer's certificate or key.</param>
    /// <param name="late">Says that the log had its time (<see cref="Clock"/>).</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<RekorEntry>> FindAsync(
        string url, DecodedSignature signature, string signerPem, CancellationToken late, CancellationToken cancellationToken)
    {
        Uri address = AddressOf(url);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, cancellationToken);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(QuestionOf(signature, signerPem)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Headers.UserAgent.ParseAdd("ImageScanFunctions/1");
            using HttpResponseMessage response = await _door.SendAsync(request, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? EntriesIn(await BodyAsync(response, either.Token))
                : throw Unanswered(address, $"it answers {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unanswered(address, $"no answer within {timeout.TotalSeconds:0.#} seconds (Signatures__LogTimeout)");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unanswered(address, (e.InnerException as RegistryException ?? e).Message);
        }
    }

    public void Dispose() => _door.Dispose();

    private static UnverifiedException Unanswered(Uri address, string why) =>
        UnverifiedException.FailedForNow($"the transparency log {HostileText.Plain(address.IdnHost)} could not be asked: {HostileText.Plain(why)}");

    private static Uri AddressOf(string url) => LogAddress.TryRead(url.Length == 0 ? PublicUrl : url) is { } log
        ? new Uri($"{log}/api/v1/log/entries/retrieve")
        : throw UnverifiedException.Error($"creating rekor client: {HostileText.Quote(url)} is no address that can be asked: only https can");

    private static byte[] QuestionOf(DecodedSignature signature, string signerPem) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        entries = new[]
        {
            new
            {
                apiVersion = "0.0.1",
                kind = "hashedrekord",
                spec = new
                {
                    data = new { hash = new { algorithm = "sha256", value = Convert.ToHexStringLower(SHA256.HashData(signature.Payload)) } },
                    signature = new
                    {
                        content = Convert.ToBase64String(signature.Raw),
                        publicKey = new { content = Convert.ToBase64String(Encoding.ASCII.GetBytes(signerPem)) },
                    },
                },
            },
        },
    });

    private static async Task<byte[]> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[MaxAnswerBytes];
        return buffer[..await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)];
    }

    // A list of objects, each with the entries of one question by their ids.
    private static RekorEntry[] EntriesIn(byte[] body)
    {
        using JsonDocument? document = SignatureJson.TryParse(body);
        return
        [
            .. (document?.RootElement ?? default).Items()
                .SelectMany(found => found.Members())
                .Take(MaxEntries)
                .Select(entry => RekorEntry.OfAnswer(entry.Value))
                .OfType<RekorEntry>(),
        ];
    }
}
