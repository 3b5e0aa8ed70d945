namespace ImageScan.Local.Azurite;

/// <summary>Keeps other processes out while it is held. The system lets go of it when this process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until nobody else holds the lock; null if <paramref name="patience"/> runs out first.</summary>
    public static async Task<FileLock?> TakeAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (Environment.TickCount64 < deadline && Directory.Exists(Path.GetDirectoryName(path)))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
            catch (IOException) when (Directory.Exists(Path.GetDirectoryName(path)))
            {
                return null;
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
