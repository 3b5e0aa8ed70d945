using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Storage;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Scans, removals and sweeps at once. Another seed: KEEP_SEED=7.</summary>
[Collection(KilledServers.Name)]
public sealed class KeptDuringScansTests(SharedAzurite azurite)
{
    private const int Images = 6;
    private const int Layers = 4;

    private static readonly int Seed = int.Parse(Environment.GetEnvironmentVariable("KEEP_SEED") ?? "20261126", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsAllThatImagesHaveAndNothingElse()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"KEEP_SEED={Seed}");
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        using var storage = new KeptStorage(app.Services.GetRequiredService<StorageAccount>());
        var images = new MadeImages(app, new Random(Seed));

        // Removals know no age: what they spare, they spare for the uses alone.
        await images.UpsetAsync(app.Services.GetRequiredService<ImageRemoval>(), [app.Services.GetRequiredService<StorageSweep>()], scans: 60);
        await images.MissNothingAsync(storage, app.Services.GetRequiredService<LayerReading>().DetectorsVersion);

        // For a sweep of a later year all that goes on is left over long ago. Then a scan may have to read again, but is right all the same.
        storage.Time.Advance(TimeSpan.FromDays(400));
        await images.UpsetAsync(storage.Removal, [storage.Sweep(), storage.Sweep(new RetentionSettings { ResultDays = 1 })], scans: 60);

        await foreach (Digest image in storage.Images.UsedBeforeAsync(DateTimeOffset.MaxValue, Token))
        {
            await storage.Removal.RemoveAsync(image, Token);
        }

        // Bundles go up beside the scans, and may be late.
        await Eventually.GetAsync(
            async () =>
            {
                await storage.SweepAsync();
                await app.Services.GetRequiredService<JobSweep>().RunAsync(Token);
                return await storage.LeftAsync();
            },
            left => left.Length == 0);
    }

    [Fact]
    public async Task AreTheKnownLayersOfAScanThatIsUnderWayWhenTheirOnlyImageIsRemoved()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        var gate = new Gate();
        MadeImage next = TestImages.OfNpm("shared@1.0.0", "own@1.0.0");
        ApiAnswer first = await app.ScanAsync(app.Registry.Push("made/first", "1", TestImages.OfNpm("shared@1.0.0")));
        app.Registry.Misbehave(gate.Before(next.Layers[1].Digest));

        Task<ApiAnswer> underWay = app.ScanAsync(app.Registry.Push("made/next", "1", next));
        await gate.Reached;
        await app.Services.GetRequiredService<ImageRemoval>().RemoveAsync(Digest.Parse(first.Id), Token);
        gate.Open();
        ApiAnswer answer = await underWay;

        string detectors = app.Services.GetRequiredService<LayerReading>().DetectorsVersion;
        Assert.Equal(["own 1.0.0", "shared 1.0.0"], answer.Components.Order(StringComparer.Ordinal));
        Assert.NotNull(await app.Services.GetRequiredService<LayerStore>().FindAsync(next.Layers[0].Digest, detectors, Token));
    }

    // Images of which each two share layers, scanned and removed at random.
    private sealed class MadeImages
    {
        private readonly ScanApp _app;
        private readonly Random _random;
        private readonly string[] _names;
        private readonly string[][] _packages;

        public MadeImages(ScanApp app, Random random)
        {
            (_app, _random) = (app, random);
            _packages = [.. Enumerable.Range(0, Images).Select(image => Enumerable.Range(image, Layers).Select(i => $"shared-{i % Images}@1.0.0").ToArray())];
            _names = [.. _packages.Select((packages, i) => app.Registry.Push($"made/kept{i}", "1", TestImages.OfNpm([.. packages, $"own-{i}@1.0.0"])))];
        }

        public async Task UpsetAsync(ImageRemoval removal, IReadOnlyList<StorageSweep> sweeps, int scans)
        {
            using var over = new CancellationTokenSource();
            Task swept = Task.WhenAll(sweeps.Select(sweep => UntilAsync(() => sweep.RunAsync(Token), over.Token)));
            await Parallel.ForEachAsync(Enumerable.Range(0, scans).Select(_ => (_random.Next(Images), _random.Next(3))), Beside(4), async (work, _) =>
            {
                (int image, int kind) = work;
                ApiAnswer answer = kind == 0 ? await _app.ScanAgainAsync(_names[image]) : await _app.ScanAsync(_names[image]);
                Assert.Equal(HttpStatusCode.OK, answer.Status);
                Assert.Equal(
                    [.. _packages[image].Append($"own-{image}@1.0.0").Select(package => package.Replace('@', ' ')).Order(StringComparer.Ordinal)],
                    answer.Components.Order(StringComparer.Ordinal));
                if (kind == 1)
                {
                    await removal.RemoveAsync(Digest.Parse(answer.Id), Token);
                }
            });
            await over.CancelAsync();
            await swept;
        }

        /// <summary>Every layer of a stored image is known and said to be in use.</summary>
        public async Task MissNothingAsync(KeptStorage storage, string detectors)
        {
            TableClient layers = await storage.Account.TableAsync(TableNames.Layers, Token);
            var scans = _app.Services.GetRequiredService<ScanStore>();
            foreach (ListedImage listed in await _app.Services.GetRequiredService<ImageSearch>().FindAsync(ImageQuery.All, Token).ToListAsync(Token))
            {
                Scan scan = (await scans.FindAsync(Digest.Parse(listed.Id), Token))!;
                foreach (Descriptor layer in scan.Manifest.Layers)
                {
                    Assert.True((await layers.GetEntityIfExistsAsync<TableEntity>($"{layer.Digest}", $"use:{listed.Id}", cancellationToken: Token)).HasValue);
                    Assert.NotNull(await storage.Layers.FindAsync(layer.Digest, detectors, Token));
                }
            }
        }

        private static async Task UntilAsync(Func<Task> act, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await act();
            }
        }

        private static ParallelOptions Beside(int most) => new() { MaxDegreeOfParallelism = most, CancellationToken = Token };
    }
}
