namespace Ipdr.Oci.Layouts;

/// <summary>Keeps two processes from changing one layout's index at the same time. Readers are not held up.</summary>
internal static class LayoutLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for the exclusive lock on the layout's marker file, which is written first if it is not there. Disposing of the stream frees the lock.</summary>
    public static async Task<FileStream> TakeAsync(string marker, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(marker) is { } stream)
            {
                if (stream.Length == 0)
                    stream.Write(content.Span);
                stream.Flush(flushToDisk: true);
                return stream;
            }
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private static FileStream? TryTake(string marker)
    {
        try
        {
            return new FileStream(marker, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException))
        {
            return null;
        }
    }
}
