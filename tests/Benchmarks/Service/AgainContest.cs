using System.Diagnostics;

namespace ImageScan.Benchmarks.Service;

/// <summary>A digest that is stored, asked for again: beside the registry's answer to the HEAD that each such call needs, and beside Trivy.</summary>
internal static class AgainContest
{
    private const int Rounds = 200;
    private static readonly TimeSpan RateTime = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(IReadOnlyList<string> names)
    {
        await using DockerRegistry? registry = await DockerRegistry.TryStartAsync();
        if (registry is null)
        {
            return;
        }

        Trivy? trivy = Peer.All().OfType<Trivy>().FirstOrDefault();
        await using EmptiedStorage storage = await EmptiedStorage.StartAsync();
        await using ScanServer server = await ScanServer.StartAsync(storage.ConnectionString, await ServiceSettings.StandardAsync());
        foreach (string name in names)
        {
            if (BuiltImage.Find(name) is { } image && await registry.NameOfAsync(image) is { } pulled)
            {
                await CompareAsync(image, pulled, storage, server);
                await PrintRatesAsync(pulled, storage, server);
                if (trivy is not null)
                {
                    await CompareAsync(image, pulled, server, trivy);
                }
            }
        }
    }

    private static async Task CompareAsync(BuiltImage image, string name, EmptiedStorage storage, ScanServer server)
    {
        using var http = new HttpClient();
        int bytes = await server.ScanAsync(name);
        double azurite = storage.Cpu;
        await new Race($"{image.Title}, the same digest again, {bytes >> 10} KiB of answer", Rounds, warmUps: 200)
            .Add("the registry's answer to HEAD", () => HeadAsync(http, image, name))
            .Add("service, same digest again", () => server.ScanAsync(name), () => server.Cpu)
            .RunAsync();
        Console.WriteLine($"\nAzurite: {(storage.Cpu - azurite) * 1e3 / (2 * Rounds):0.0} ms of CPU each");
    }

    private static async Task PrintRatesAsync(string name, EmptiedStorage storage, ScanServer server)
    {
        Console.WriteLine($"\n| callers at once | requests a second | server: cpu ms each | Azurite: cpu ms each |");
        Console.WriteLine("| ---: | ---: | ---: | ---: |");
        foreach (int callers in (int[])[1, 4, 16, 64])
        {
            double cpu = server.Cpu;
            double azurite = storage.Cpu;
            long start = Stopwatch.GetTimestamp();
            int[] done = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
            {
                int asked = 0;
                for (; Stopwatch.GetElapsedTime(start) < RateTime; asked++)
                {
                    await server.ScanAsync(name);
                }

                return asked;
            }));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine($"| {callers} | {done.Sum() / seconds:0} | {(server.Cpu - cpu) * 1e3 / done.Sum():0.0} | {(storage.Cpu - azurite) * 1e3 / done.Sum():0.0} |");
        }
    }

    private static async Task CompareAsync(BuiltImage image, string name, ScanServer server, Trivy trivy) =>
        await new Race($"{image.Title}, again, beside Trivy with all layers in its cache", rounds: 5)
            .Add("service, same digest again", () => server.ScanAsync(name), () => server.Cpu)
            .AddProgram("trivy, layers cached", () => trivy.ScanAgain(name))
            .AddProgram("trivy --version", trivy.StartUp)
            .RunAsync();

    private static async Task HeadAsync(HttpClient http, BuiltImage image, string name)
    {
        string host = name[..name.IndexOf('/', StringComparison.Ordinal)];
        using var head = new HttpRequestMessage(HttpMethod.Head, $"http://{host}/v2/{image.Name}/manifests/{image.Digest}");
        head.Headers.Accept.ParseAdd(LoopbackRegistry.ManifestType);
        using HttpResponseMessage answer = await http.SendAsync(head);
        answer.EnsureSuccessStatusCode();
    }
}
