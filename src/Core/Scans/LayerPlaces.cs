namespace ImageScan.Core.Scans;

/// <summary>The layers that this process reads at a time, whoever's scans they belong to; further ones wait their turn.</summary>
public sealed class LayerPlaces : IDisposable
{
    /// <summary>
    /// What a layer in work may need: 64 MiB. Peaks of whole scans of 5 to 13 large layers grew by 4 to 10 MiB a layer, since all layers
    /// share the memory of large files (<see cref="Layers.HeldBody"/>); the rest is for one with hundreds of thousands of packages or links.
    /// </summary>
    internal const long BytesPerLayer = 64L << 20;

    /// <summary>
    /// What is not the layers': 512 MiB. A scan that reads one layer at a time peaks at 150 to 165 MiB, advisories included; where the
    /// process runs under the Functions host, that has about as much again, and a merge of a large image comes on top.
    /// </summary>
    internal const long BytesOfProcess = 512L << 20;

    // One core expands some 200 MB/s of a layer and a registry sends 20 to 50 on one connection: more than eight only wait for each other.
    private const int MostPerCore = 8;

    private readonly SemaphoreSlim _places;

    /// <summary>Places for <see cref="ScanSettings.LayersPerInstance"/> layers, or for as many as the memory of this process allows.</summary>
    public LayerPlaces(ScanSettings settings)
    {
        Count = settings.LayersPerInstance > 0
            ? settings.LayersPerInstance
            : ByMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount);
        _places = new SemaphoreSlim(Count);
    }

    /// <summary>How many layers may be read at a time.</summary>
    public int Count { get; }

    /// <summary>Waits for a place; who disposes what this returns gives it back.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    /// <summary>How many layers a process with so much memory and so many cores may read at a time: one at least.</summary>
    internal static int ByMemory(long availableBytes, int cores) =>
        (int)Math.Clamp((availableBytes - BytesOfProcess) / BytesPerLayer, 1, (long)MostPerCore * Math.Max(1, cores));

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private bool _isLeft;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isLeft, true))
            {
                places.Release();
            }
        }
    }
}
