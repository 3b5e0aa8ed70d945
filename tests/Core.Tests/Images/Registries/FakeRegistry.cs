using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Plays every host at once, without a network: it notes what is asked, under which address rule, and answers as the test says.</summary>
internal sealed class FakeRegistry(Func<SentRequest, HttpResponseMessage> answer)
{
    public List<SentRequest> Requests { get; } = [];

    /// <summary>What its clients said to their log.</summary>
    public LogLines Log { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A registry that holds one image under every name: its manifest, its configuration and its layers.</summary>
    public static FakeRegistry Holding(byte[] manifest, params byte[][] blobs) => new(request => Serve(request, manifest, blobs));

    public static HttpResponseMessage Serve(SentRequest request, byte[] manifest, params byte[][] blobs)
    {
        string last = request.Uri.AbsolutePath.Split('/')[^1];
        if (request.Uri.AbsolutePath.Contains("/manifests/", StringComparison.Ordinal))
        {
            return last.StartsWith("sha256:", StringComparison.Ordinal) && last != DigestOf(manifest).ToString() && blobs.FirstOrDefault(blob => DigestOf(blob).ToString() == last) is { } other
                ? Manifest(other)
                : Manifest(manifest);
        }

        byte[]? found = Array.Find(blobs, blob => DigestOf(blob).ToString() == last);
        return found is null ? Status(HttpStatusCode.NotFound) : Bytes(found);
    }

    public static HttpResponseMessage Manifest(byte[] manifest, string mediaType = MediaTypes.OciManifest)
    {
        HttpResponseMessage response = Bytes(manifest);
        response.Content.Headers.ContentType = new MediaTypeHeaderValue(
            mediaType == MediaTypes.OciManifest && Encoding.UTF8.GetString(manifest).Contains("\"manifests\"", StringComparison.Ordinal) ? MediaTypes.OciIndex : mediaType);
        response.Headers.TryAddWithoutValidation("Docker-Content-Digest", DigestOf(manifest).ToString());
        return response;
    }

    public static HttpResponseMessage Bytes(byte[] bytes) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) };

    public static HttpResponseMessage Status(HttpStatusCode status, string body = "") => new(status) { Content = new StringContent(body) };

    public static HttpResponseMessage Redirect(string location)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TemporaryRedirect) { Content = new ByteArrayContent([]) };
        response.Headers.TryAddWithoutValidation("Location", location);
        return response;
    }

    public static HttpResponseMessage Challenge(string challenge)
    {
        HttpResponseMessage response = Status(HttpStatusCode.Unauthorized);
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        return response;
    }

    public static Digest DigestOf(byte[] bytes) => Digest.OfSha256(SHA256.HashData(bytes));

    public static Descriptor DescriptorOf(byte[] bytes, string mediaType = "application/vnd.oci.image.layer.v1.tar+gzip") => new(mediaType, DigestOf(bytes), bytes.Length);

    public RegistryClient Client(RegistryClientSettings? settings = null, CredentialLookup? credentials = null, params RegistrySettings[] registries) =>
        new(registries, settings ?? new RegistryClientSettings(), Time, credentials, rule => new Handler(this, rule), accounts: null, Log);

    /// <summary>A client that knows these accounts of every registry, and no waiting.</summary>
    public RegistryClient Client(IReadOnlyList<RegistryAccount> accounts, params RegistrySettings[] registries) => new(
        registries,
        new RegistryClientSettings { Retries = 0 },
        Time,
        credentials: null,
        rule => new Handler(this, rule),
        accounts.Count > 0 ? (_, _, _) => Task.FromResult(accounts) : null,
        Log);

    public IImageSource Open(string name, RegistryClientSettings? settings = null, CredentialLookup? credentials = null, params RegistrySettings[] registries)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? reference, out _));
        return Client(settings, credentials, registries).Open(reference);
    }

    /// <summary>Lets time pass until the work is done.</summary>
    public async Task<T> PassTimeAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

    private sealed class Handler(FakeRegistry registry, AddressRule rule) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var sent = new SentRequest(
                request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(), [.. request.Headers.Accept.Select(accept => accept.ToString())], request.Headers.Range?.ToString(), body, rule);
            registry.Requests.Add(sent);
            return registry.Answer(sent);
        }
    }

    private HttpResponseMessage Answer(SentRequest request) => answer(request);
}

internal sealed record SentRequest(string Method, Uri Uri, string? Authorization, IReadOnlyList<string> Accept, string? Range, string Body, AddressRule Rule);
