using System.Diagnostics;
using ImageScan.Core.Detectors;
using ImageScan.Core.Layers;

namespace ImageScan.Benchmarks;

/// <summary>Where the time of an inventory goes: what each detector opens, how much it reads of it, and how long that takes.</summary>
internal static class DetectorTimes
{
    /// <summary>Prints a line a detector. Times are those of a warm process and hold the expanding of what is read.</summary>
    /// <param name="image">The name of an image that images/build.sh makes, or the path of an archive.</param>
    public static async Task PrintAsync(string image)
    {
        string? archive = BuiltImage.Names.Contains(image) ? BuiltImage.Find(image)?.Archive() : image;
        if (archive is null)
        {
            return;
        }

        Timed[] detectors = [.. PackageDetectors.All.Select(detector => new Timed(detector))];
        using var scan = new ColdScan(detectors);
        await scan.ArchiveAsync(archive);
        Array.ForEach(detectors, detector => detector.Clear());
        long start = Stopwatch.GetTimestamp();
        await scan.ArchiveAsync(archive);
        Console.WriteLine($"{image}: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s in all");
        Console.WriteLine("| detector | asked | opened | MiB read | ms reading | of them waiting for bytes |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (Timed detector in detectors.OrderByDescending(detector => detector.Reading))
        {
            Console.WriteLine(
                $"| {detector.Name} | {detector.Asked} | {detector.Opened} | {detector.Bytes / (double)(1 << 20):0.0} "
                + $"| {detector.Reading.TotalMilliseconds:0.0} | {detector.Waiting.TotalMilliseconds:0.0} |");
        }
    }

    /// <summary>A detector with a stopwatch.</summary>
    private sealed class Timed(IPackageDetector detector) : IPackageDetector
    {
        private long _asked;
        private long _opened;
        private long _bytes;
        private long _reading;
        private long _waiting;

        public string Name => detector.Name;

        public int Version => detector.Version;

        public IReadOnlyList<string> FixedPaths => detector.FixedPaths;

        public bool Skims => detector.Skims;

        public long Asked => _asked;

        public long Opened => _opened;

        public long Bytes => _bytes;

        public TimeSpan Reading => Stopwatch.GetElapsedTime(0, _reading);

        public TimeSpan Waiting => Stopwatch.GetElapsedTime(0, _waiting);

        public bool Wants(string path)
        {
            Interlocked.Increment(ref _asked);
            return detector.Wants(path);
        }

        public bool Opens(LayerEntry entry) => detector.Opens(entry);

        public void Read(LayerEntry entry, Stream content, FileFindings findings)
        {
            var counted = new CountedStream(content);
            long start = Stopwatch.GetTimestamp();
            detector.Read(entry, counted, findings);
            Interlocked.Add(ref _reading, Stopwatch.GetTimestamp() - start);
            Interlocked.Increment(ref _opened);
            Interlocked.Add(ref _bytes, counted.Bytes);
            Interlocked.Add(ref _waiting, counted.Waiting);
        }

        public void Clear() => _asked = _opened = _bytes = _reading = _waiting = 0;
    }

    private sealed class CountedStream(Stream inner) : Stream
    {
        public long Bytes { get; private set; }

        /// <summary>Ticks of the stopwatch.</summary>
        public long Waiting { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            long start = Stopwatch.GetTimestamp();
            int read = inner.Read(buffer);
            Waiting += Stopwatch.GetTimestamp() - start;
            Bytes += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
