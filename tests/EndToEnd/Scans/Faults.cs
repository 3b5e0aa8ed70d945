using ImageScan.Core.Images;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Faults of single blobs.</summary>
internal static class Faults
{
    /// <summary>The fault for one blob only; the registry keeps the others as they are.</summary>
    public static RegistryFault On(Digest blob, RegistryFault fault) => (context, found) =>
        IsBlob(context, found, blob) ? fault(context, found) : Task.FromResult(false);

    /// <summary>A refusal in the registry's own words, each time.</summary>
    public static RegistryFault Deny(string message) => async (context, _) =>
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsJsonAsync(new { errors = new[] { new { code = "DENIED", message } } });
        return true;
    };

    private static bool IsBlob(HttpContext context, MadeBlob? found, Digest blob) =>
        found?.Digest == blob && context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);
}

/// <summary>A registry that keeps its callers waiting for a blob until it is let go.</summary>
internal sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody waits.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public void Open() => _opened.TrySetResult();

    public RegistryFault Before(Digest blob) => Faults.On(blob, (context, _) => BeforeAnything(context));

    public async Task<bool> BeforeAnything(HttpContext context)
    {
        _reached.TrySetResult();
        await _opened.Task.WaitAsync(context.RequestAborted);
        return false;
    }
}
