using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;

namespace ImageScan.Core.Scans;

/// <summary>
/// Opens the images of jobs: by the login that came with a job and by that alone, else by what is known of their registries. Such a login lies sealed in
/// the job's row until the job ends, and counts for an hour at most.
/// </summary>
public sealed class JobSources(RegistryClient registries, SecretSealer sealer, TimeProvider time)
{
    /// <summary>For how long a login counts.</summary>
    public static readonly TimeSpan LoginLife = TimeSpan.FromHours(1);

    // Between the two parts of what is sealed; an address has none.
    private const char Separator = '\n';

    /// <summary>
    /// The image of a job; nothing is asked yet. Throws <see cref="RegistryException"/> as <see cref="RegistryClient.Open(ImageReference)"/> does, and
    /// <see cref="ScanException"/> if the job's login cannot be read.
    /// </summary>
    public IImageSource Open(ScanJob job, ImageReference image) =>
        job.SealedLogin is { } login && time.GetUtcNow() - job.CreatedAt < LoginLife
            ? registries.Open(image, AccountOf(job, image, Unsealed(job.Id, login)))
            : registries.Open(image);

    /// <summary>
    /// Throws <see cref="RegistryException"/> if the registry of an image is not read at that very scheme, host and port, so that a login for them could never
    /// be used.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="home">Scheme, host and port.</param>
    public void EnsureReadAt(ImageReference image, Uri home) =>
        _ = registries.Open(image, new RegistryAccount("", "", image.Registry) { OnlyAtHome = home });

    /// <summary>A login as it lies in the row of a job. Throws <see cref="SealedException"/> if there is no key to seal with.</summary>
    public string Seal(string jobId, CallerLogin login) =>
        sealer.Seal($"{login.Home.GetLeftPart(UriPartial.Authority)}{Separator}{login.Authorization}", PlaceOf(jobId));

    private CallerLogin Unsealed(string jobId, string text)
    {
        try
        {
            string[] parts = sealer.Open(text, PlaceOf(jobId)).Split(Separator, 2);
            return new CallerLogin(new Uri(parts[0]), parts[1]);
        }
        catch (SealedException unreadable)
        {
            throw new ScanException($"the login that came with it cannot be read: {unreadable.Message}");
        }
    }

    private static RegistryAccount AccountOf(ScanJob job, ImageReference image, CallerLogin login) => login.TryRead(out RegistryCredential? credential, out _)
        ? new RegistryAccount(job.Id, "the login of this scan", image.Registry)
        {
            Credential = credential,
            OnlyAtHome = login.Home,
            Until = job.CreatedAt + LoginLife,
        }
        : throw new ScanException("the login that came with it is none");

    private static SealedPlace PlaceOf(string jobId) => new(TableNames.Jobs, jobId, "job", nameof(ScanJob.SealedLogin));
}
