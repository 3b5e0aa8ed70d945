using System.Formats.Tar;
using System.IO.Compression;
using ImageScan.Core.Detectors;
using ImageScan.Core.Layers;

namespace ImageScan.Benchmarks;

/// <summary>What walking an archive adds to expanding it, and what the detectors add to that. Blobs come from memory.</summary>
internal static class LayerContest
{
    private const string MediaType = "application/vnd.oci.image.layer.v1.tar+gzip";

    public static void Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("imagescan-benchmarks-");
        try
        {
            string path = Path.Combine(folder.FullName, "layer");
            MadeLayer.Write(path, seed: 1, mebibytes: 400);
            Compare("Large layer", File.ReadAllBytes(path), rounds: 7);
            MadeLayer.WriteMany(path, seed: 2, files: 200_000);
            Compare("Layer of 200,000 small files", File.ReadAllBytes(path), rounds: 9);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string name, byte[] blob, int rounds)
    {
        var inspection = new LayerInspection(PackageDetectors.All, new LayerLimits(), new InspectionLimits());
        long expanded = Expand(blob);
        new Contest($"{name}, {blob.Length >> 20} MiB of gzip, {expanded >> 20} MiB expanded, {Walk(blob)} entries", rounds)
            .Add("GZipStream", () => Expand(blob))
            .Add("GZipStream + LayerWalker", () => Walk(blob))
            .Add("GZipStream + TarReader", () => ReadTar(blob))
            .Add("LayerInspection: walker, detectors, read ahead", () =>
                inspection.ReadAsync(_ => Task.FromResult<Stream>(new MemoryStream(blob)), MediaType, CancellationToken.None))
            .Add("LayerInspection, recording a bundle", () => Record(inspection, blob))
            .RunAsync()
            .GetAwaiter()
            .GetResult();
    }

    private static void Record(LayerInspection inspection, byte[] blob)
    {
        using BundleRecorder recorder = inspection.NewRecorder(new LayerSettings());
        inspection.ReadAsync(_ => Task.FromResult<Stream>(new MemoryStream(blob)), MediaType, recorder, CancellationToken.None).GetAwaiter().GetResult();
        using LayerBundle? bundle = recorder.Complete();
    }

    private static long Expand(byte[] blob)
    {
        using var gzip = new GZipStream(new MemoryStream(blob), CompressionMode.Decompress);
        var buffer = new byte[128 << 10];
        long total = 0;
        for (int read; (read = gzip.Read(buffer)) > 0;)
        {
            total += read;
        }

        return total;
    }

    private static int Walk(byte[] blob)
    {
        using var walker = new LayerWalker(new MemoryStream(blob), MediaType, new LayerLimits());
        int entries = 0;
        while (walker.MoveNext())
        {
            entries++;
        }

        return entries;
    }

    private static int ReadTar(byte[] blob)
    {
        using var gzip = new GZipStream(new MemoryStream(blob), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        int entries = 0;
        while (tar.GetNextEntry() is not null)
        {
            entries++;
        }

        return entries;
    }
}
