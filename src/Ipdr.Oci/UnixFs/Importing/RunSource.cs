namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Gives the content of a file in runs to several readers at once.</summary>
internal abstract class RunSource
{
    /// <summary>For messages.</summary>
    public abstract string Name { get; }

    /// <summary>Reads the next run.</summary>
    /// <param name="room">As long as a run is.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public abstract ValueTask<ContentRun> ReadAsync(Memory<byte> room, CancellationToken cancellationToken);
}
