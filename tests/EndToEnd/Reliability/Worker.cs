using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>One process of <c>imagescan serve</c>, from its start to its end.</summary>
internal sealed class Worker : IDisposable
{
    private readonly CommandProcess _process;

    private Worker(CommandProcess process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Whether it was, or is being, ended.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Starts one and returns when it listens.</summary>
    public static async Task<Worker> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var worker = new Worker(CommandProcess.Start(settings, "serve", "--urls", "http://127.0.0.1:0"));
        try
        {
            worker.Address = await worker._process.AddressAsync();
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        IsKilled = true;
        await _process.KillAsync();
    }

    public void Dispose() => _process.Dispose();
}
