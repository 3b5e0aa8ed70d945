namespace ImageScan.Core.Images;

/// <summary>Which of the known registries an image was read from.</summary>
/// <param name="Id">The id of the integration; "" where settings alone say how it was read.</param>
/// <param name="Name">What it is called; "" likewise.</param>
/// <param name="Mirror">The full name of the image at the mirror that answered in its place; "" if none did.</param>
public sealed record ImageOrigin(string Id, string Name, string Mirror);
