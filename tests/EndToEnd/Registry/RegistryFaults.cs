using System.Collections.Concurrent;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Registry;

/// <summary>Answers a request instead of the registry and says true, or leaves it alone and says false.</summary>
/// <param name="context">The request.</param>
/// <param name="found">What the registry holds at its path; null if nothing.</param>
public delegate Task<bool> RegistryFault(HttpContext context, MadeBlob? found);

/// <summary>The ways in which registries are known to go wrong, and the proofs of identity they ask for.</summary>
public static class RegistryFaults
{
    /// <summary>Blobs end after so many bytes, and the answer says that this is all there is.</summary>
    public static RegistryFault TruncateBlobs(int bytes) => OnBlobs(async (context, blob) =>
    {
        ReadOnlyMemory<byte> start = blob.Bytes[..Math.Min(bytes, blob.Bytes.Length)];
        context.Response.ContentLength = start.Length;
        await context.Response.Body.WriteAsync(start, context.RequestAborted);
        return true;
    });

    /// <summary>
    /// The connection breaks after so many bytes, the first <paramref name="times"/> times that a blob is asked for. A Range is then
    /// honoured, or answered with the whole blob by a registry that knows none.
    /// </summary>
    public static RegistryFault BreakBlobs(int bytes, int times, bool honourRange)
    {
        var asked = new ConcurrentDictionary<Digest, int>();
        return OnBlobs(async (context, blob) =>
        {
            bool breaks = asked.AddOrUpdate(blob.Digest, 1, (_, count) => count + 1) <= times;
            if (!honourRange)
            {
                context.Request.Headers.Range = default;
            }

            if (!breaks)
            {
                return false;
            }

            context.Response.ContentLength = blob.Bytes.Length;
            await context.Response.Body.WriteAsync(blob.Bytes[..Math.Min(bytes, blob.Bytes.Length)], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return true;
        });
    }

    /// <summary>Blobs of the right length whose last byte is another.</summary>
    public static RegistryFault CorruptBlobs() => OnBlobs(async (context, blob) =>
    {
        byte[] bytes = blob.Bytes.ToArray();
        bytes[^1] ^= 1;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        return true;
    });

    /// <summary>Manifests under a digest that is not theirs.</summary>
    public static RegistryFault MislabelManifests(Digest digest) => (context, found) =>
    {
        if (found is not null && !IsBlob(context))
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["Docker-Content-Digest"] = digest.ToString();
                return Task.CompletedTask;
            });
        }

        return Task.FromResult(false);
    };

    /// <summary>Blobs lie elsewhere, as with registries that keep them in a bucket.</summary>
    /// <param name="origin">Scheme, host and port; the path stays.</param>
    public static RegistryFault RedirectBlobs(string origin) => OnBlobs((context, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = origin + context.Request.Path;
        return Task.FromResult(true);
    });

    /// <summary>A status, with Retry-After in seconds unless null, the first <paramref name="times"/> times.</summary>
    public static RegistryFault Refuse(int status, int times, int? retryAfter = null)
    {
        int left = times;
        return async (context, _) =>
        {
            if (Interlocked.Decrement(ref left) < 0)
            {
                return false;
            }

            context.Response.StatusCode = status;
            if (retryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(null as IFormatProvider);
            }

            await context.Response.WriteAsJsonAsync(new { errors = new[] { new { code = status == 429 ? "TOOMANYREQUESTS" : "UNKNOWN", message = "refused by the test" } } });
            return true;
        };
    }

    /// <summary>Blobs send their first half and then nothing until the caller hangs up.</summary>
    public static RegistryFault StallBlobs() => OnBlobs(async (context, blob) =>
    {
        context.Response.ContentLength = blob.Bytes.Length;
        await context.Response.Body.WriteAsync(blob.Bytes[..(blob.Bytes.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var hungUp = new TaskCompletionSource();
        await using (context.RequestAborted.Register(hungUp.SetResult))
        {
            await hungUp.Task;
        }

        return true;
    });

    /// <summary>Asks for Basic credentials.</summary>
    public static RegistryFault RequireBasic(string username, string password) => (context, _) =>
        Task.FromResult(context.Request.Headers.Authorization != BasicOf(username, password)
            && Challenge(context, "Basic realm=\"test registry\""));

    /// <summary>
    /// Asks for a bearer token (https://distribution.github.io/distribution/spec/auth/token/) and hands it out at <c>/token</c>, to those
    /// who send the credentials, or to everyone when <paramref name="username"/> is null. Callers are sent to <paramref name="realm"/>
    /// for it, or to this registry's own <c>/token</c> when that is null.
    /// </summary>
    public static RegistryFault RequireBearer(string token, string? username = null, string? password = null, string? realm = null) => async (context, _) =>
    {
        if (context.Request.Path == "/token")
        {
            if (username is not null && context.Request.Headers.Authorization != BasicOf(username, password))
            {
                return Challenge(context, "Basic realm=\"test registry\"");
            }

            await context.Response.WriteAsJsonAsync(new { token, expires_in = 300 });
            return true;
        }

        string repository = context.Request.Path.Value!.Replace("/v2/", "", StringComparison.Ordinal).Split("/manifests/")[0].Split("/blobs/")[0];
        return context.Request.Headers.Authorization != $"Bearer {token}" && Challenge(
            context, $"Bearer realm=\"{realm ?? $"http://{context.Request.Host}/token"}\",service=\"test registry\",scope=\"repository:{repository}:pull\"");
    };

    private static RegistryFault OnBlobs(Func<HttpContext, MadeBlob, Task<bool>> answer) => (context, found) =>
        found is not null && IsBlob(context) ? answer(context, found) : Task.FromResult(false);

    private static bool IsBlob(HttpContext context) => context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);

    private static string BasicOf(string? username, string? password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));

    private static bool Challenge(HttpContext context, string challenge)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = challenge;
        return true;
    }
}
