using System.Text;
using ImageScan.TestSupport;

namespace ImageScan.Benchmarks.Scale;

/// <summary>The tables of <c>docs/scale.md</c>, which stand between two marks there.</summary>
internal static class ScaleTables
{
    private const string Begin = "<!-- Written by: dotnet run -c Release --project tests/Benchmarks -- scale --write -->";
    private const string End = "<!-- End of what is written -->";
    private static readonly double[] Volumes = [1e6, 1e9];

    /// <summary>The tables as Markdown.</summary>
    public static string Text()
    {
        var inputs = ScaleInputs.Read();
        ScaleModel[] models = [.. Volumes.Select(volume => new ScaleModel(inputs, volume))];
        var text = new StringBuilder();
        Kinds(text, inputs);
        Months(text, models);
        foreach (ScaleModel model in models)
        {
            Limits(text, model);
        }

        return text.ToString();
    }

    /// <summary>Puts them into the document.</summary>
    public static void Write()
    {
        string path = Repository.Path("docs", "scale.md");
        string document = File.ReadAllText(path);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = document.IndexOf(End, StringComparison.Ordinal);
        File.WriteAllText(path, $"{document[..begin]}\n{Text()}\n{document[end..]}");
    }

    private static void Kinds(StringBuilder text, ScaleInputs inputs)
    {
        text.AppendLine("\n| of a hundred scans | | CPU ms | pulled MiB | Table requests | queue requests | blobs: writes, reads | KiB kept: Tables, blobs |");
        text.AppendLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (ScanKind kind in inputs.Kinds)
        {
            text.AppendLine($"| {kind.Share * 100:0} | {kind.Name} | {kind.CpuSeconds * 1e3:0} | {kind.PulledMebibytes:0} | {kind.TableRequests:0} "
                + $"| {kind.QueueRequests:0} | {kind.BlobWrites:0}, {kind.BlobReads:0} | {kind.TableKibibytes:0}, {kind.BlobKibibytes:0} |");
        }

        text.AppendLine($"| 100 | **mean** | {inputs.Mean(k => k.CpuSeconds) * 1e3:0} | {inputs.Mean(k => k.PulledMebibytes):0.0} "
            + $"| {inputs.Mean(k => k.TableRequests):0.0} | {inputs.Mean(k => k.QueueRequests):0.0} "
            + $"| {inputs.Mean(k => k.BlobWrites):0.00}, {inputs.Mean(k => k.BlobReads):0.00} | {inputs.Mean(k => k.TableKibibytes):0}, {inputs.Mean(k => k.BlobKibibytes):0} |");
    }

    private static void Months(StringBuilder text, ScaleModel[] models)
    {
        text.AppendLine($"\n| a month | {string.Join(" | ", models.Select(model => $"{model.ScansPerMonth:N0} scans"))} |");
        text.AppendLine($"| --- |{string.Concat(models.Select(_ => " ---: |"))}");
        Row("scans a second: average, peak", model => $"{model.ScansPerSecond:N1}, {model.PeakScansPerSecond:N1}");
        Row("instance seconds a scan", model => $"{model.InstanceSecondsPerScan:0.00}");
        Row("instances of 2 GB at the peak", model => $"{Math.Ceiling(model.Instances):N0}");
        Row("Table requests", model => $"{model.TableRequests:N0}");
        Row("queue requests", model => $"{model.QueueRequests:N0}");
        Row("blob writes, reads", model => $"{model.BlobWrites:N0}, {model.BlobReads:N0}");
        Row("new images", model => $"{model.NewImages:N0}");
        Row("GiB added: Tables, blobs", model => $"{model.TableGibibytes:N0}, {model.BlobGibibytes:N0}");
        Row("compute", model => $"${model.ComputeDollars:N0}");
        Row("executions", model => $"${model.ExecutionDollars:N2}");
        Row("Table requests", model => $"${model.TableDollars:N2}");
        Row("queue requests", model => $"${model.QueueDollars:N2}");
        Row("blob requests", model => $"${model.BlobDollars:N2}");
        Row("keeping what one month added, a month", model => $"${model.KeepingDollars:N2}");
        Row("**in all**", model => $"**${model.Dollars:N0}**");
        Row("a million scans", model => $"${model.Dollars / model.ScansPerMonth * 1e6:N2}");

        void Row(string what, Func<ScaleModel, string> figure) => text.AppendLine($"| {what} | {string.Join(" | ", models.Select(figure))} |");
    }

    private static void Limits(StringBuilder text, ScaleModel model)
    {
        text.AppendLine($"\n| {model.ScansPerMonth:N0} scans a month, at the peak | asked | there is | |");
        text.AppendLine("| --- | ---: | ---: | ---: |");
        foreach ((string what, double asked, double limit) in model.Limits())
        {
            text.AppendLine($"| {what} | {asked:N1} | {limit:N0} | {asked / limit:P1} |");
        }
    }
}
