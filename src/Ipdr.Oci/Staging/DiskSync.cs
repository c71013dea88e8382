using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Staging;

/// <summary>Waits for the disk without keeping anybody else waiting.</summary>
internal static class DiskSync
{
    /// <summary>Makes what was written to a file outlive a power failure.</summary>
    /// <exception cref="IOException">The volume is full or fails.</exception>
    public static Task FlushAsync(SafeFileHandle file) => RunAsync(() => RandomAccess.FlushToDisk(file));

    /// <summary>Runs what waits for the disk on a thread of its own: the pool has one for each core, and a core would do nothing meanwhile.</summary>
    public static Task RunAsync(Action wait) =>
        Task.Factory.StartNew(wait, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
