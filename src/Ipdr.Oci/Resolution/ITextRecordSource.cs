namespace Ipdr.Oci.Resolution;

/// <summary>Looks TXT records up.</summary>
public interface ITextRecordSource
{
    /// <summary>The TXT records of a name; none if there is no such name.</summary>
    /// <exception cref="Faults.IpdrException">No server answers, or one says that it failed.</exception>
    Task<TextRecords> LookUpAsync(string name, CancellationToken cancellationToken);
}
