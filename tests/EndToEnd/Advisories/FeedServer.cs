using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>A copy of the OSV bucket on loopback with one ecosystem, npm; it answers by ETag and breaks off when told.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private const string ArchivePath = "/npm/all.zip";

    private readonly ConcurrentQueue<(string Path, int Status)> _answers = new();
    private readonly TaskCompletionSource _stalling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LoopbackRegistry? _server;
    private byte[] _archive = [];
    private int _version;

    /// <summary>What is wrong with the archive.</summary>
    public FeedFault Fault { get; set; }

    public string Address => $"http://{_server!.Host}";

    /// <summary>Ends when half of a stalled archive has been sent.</summary>
    public Task Stalling => _stalling.Task;

    /// <summary>The status codes that the archive was answered with, in order.</summary>
    public IReadOnlyList<int> ArchiveAnswers => [.. _answers.Where(answer => answer.Path == ArchivePath).Select(answer => answer.Status)];

    public static async Task<FeedServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new FeedServer();
        server._server = await LoopbackRegistry.StartAsync(server.AnswerAsync, cancellationToken);
        return server;
    }

    /// <summary>Replaces all records.</summary>
    public void Put(params IEnumerable<string> records)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((int number, string record) in records.Index())
            {
                using Stream entry = zip.CreateEntry($"{number}.json").Open();
                entry.Write(Encoding.UTF8.GetBytes(record));
            }
        }

        _archive = bytes.ToArray();
        _version++;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = Uri.UnescapeDataString(context.Request.Path);
        try
        {
            if (path == "/ecosystems.txt")
            {
                await context.Response.WriteAsync("npm\n");
            }
            else if (path == ArchivePath)
            {
                await AnswerArchiveAsync(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        }
        finally
        {
            _answers.Enqueue((path, context.Response.StatusCode));
        }
    }

    private async Task AnswerArchiveAsync(HttpContext context)
    {
        string tag = $"\"{_version}\"";
        if (Fault == FeedFault.ServerError)
        {
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
            return;
        }

        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.Headers.ETag = tag;
        context.Response.ContentLength = _archive.Length;
        if (Fault == FeedFault.None)
        {
            await context.Response.Body.WriteAsync(_archive);
            return;
        }

        await context.Response.Body.WriteAsync(_archive.AsMemory(0, _archive.Length / 2));
        await context.Response.Body.FlushAsync();
        if (Fault == FeedFault.Stalls)
        {
            _stalling.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        context.Abort();
    }
}

internal enum FeedFault
{
    None,
    ServerError,
    BreaksOff,
    Stalls,
}
