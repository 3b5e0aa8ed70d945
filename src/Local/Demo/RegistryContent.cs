using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Local.Demo;

/// <summary>
/// Images in memory, and the pull side of the OCI distribution spec over them
/// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull).
/// </summary>
public sealed class RegistryContent
{
    // Keys: "name/manifests/reference" and "name/blobs/digest", as in the paths below /v2/.
    private readonly ConcurrentDictionary<string, MadeBlob> _content = new(StringComparer.Ordinal);

    /// <summary>Puts the image under a tag and under its digest.</summary>
    public void Add(string repository, string tag, MadeImage image)
    {
        AddManifest(repository, tag, image.Manifest);
        foreach (MadeBlob blob in image.Layers.Append(image.Config))
        {
            _content[$"{repository}/blobs/{blob.Digest}"] = blob;
        }
    }

    /// <summary>Puts a manifest or an index alone under a tag and under its digest.</summary>
    public void AddManifest(string repository, string tag, MadeBlob manifest)
    {
        _content[$"{repository}/manifests/{tag}"] = manifest;
        _content[$"{repository}/manifests/{manifest.Digest}"] = manifest;
    }

    /// <summary>Takes away what lies under a tag or a digest, and nothing else.</summary>
    public void Remove(string repository, string reference) => _content.TryRemove($"{repository}/manifests/{reference}", out _);

    /// <summary>What lies at the path of a request; null if nothing does.</summary>
    public MadeBlob? Find(PathString path) =>
        path.StartsWithSegments("/v2", out PathString rest) && _content.TryGetValue(rest.Value!.TrimStart('/'), out MadeBlob? found) ? found : null;

    /// <summary>Answers one request, HEAD and Range included.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return Refuse(StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "this registry is read-only").ExecuteAsync(context);
        }

        if (path == "/v2/" || path == "/v2")
        {
            return Results.Json(new { }).ExecuteAsync(context);
        }

        if (Find(path) is not { } found)
        {
            string code = path.Value!.Contains("/blobs/", StringComparison.Ordinal) ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
            return Refuse(StatusCodes.Status404NotFound, code, "not known to this registry").ExecuteAsync(context);
        }

        context.Response.Headers["Docker-Content-Digest"] = found.Digest.ToString();
        return Results.Bytes(found.Bytes, found.MediaType, enableRangeProcessing: true).ExecuteAsync(context);
    }

    private static IResult Refuse(int status, string code, string message) =>
        Results.Json(new { errors = new[] { new { code, message } } }, statusCode: status);
}
