using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Local.Output;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Local.Commands;

/// <summary>Whether stored results may be used.</summary>
internal enum Reading
{
    WhatIsNew,
    Everything,
}

/// <summary>One scan for a command, by the steps that the API takes.</summary>
internal static class ImageRun
{
    /// <summary>
    /// Scans an image or takes it from the store, with progress on a terminal. The first of the result's names is the one that was asked
    /// for. Throws <see cref="RegistryException"/> and what storage and advisories throw.
    /// </summary>
    public static async Task<Scan> ScanAsync(
        string image, Platform? platform, Reading reading, ProgressDisplay shown, CancellationToken cancellationToken)
    {
        await using ServiceProvider services = CommandServices.Create(NamedImage.IsArchive(image) ? Memory.None : Memory.IfConfigured);
        return await ProgressLine.ShowAsync(shown, async progress =>
        {
            NamedImage named = await NamedImage.OpenAsync(
                image, services.GetRequiredService<RegistryClient>(), services.GetRequiredService<ImageLimits>(), cancellationToken);
            var scanner = services.GetRequiredService<ImageScanner>();
            progress?.Report(new ScanProgress("resolving"));
            var request = new ScanRequest(named.Reference, platform, Force: reading == Reading.Everything);
            ScanTarget target = await scanner.ResolveAsync(request, named.Source, cancellationToken);
            ScanPlan plan = await scanner.PlanAsync(request, named.Source, target, cancellationToken);
            Scan scan = await scanner.FinishAsync(plan, progress, cancellationToken);
            return scan with { Names = [named.Reference, .. scan.Names.Where(name => name != named.Reference)] };
        });
    }
}
