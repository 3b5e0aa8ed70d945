// Addresses in a network for the blobs, queues and tables of one account.
param storageName string
param location string
param tags object
param subnetId string

@description('The private DNS zone of each service: blob, queue and table.')
param zoneIds object

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource endpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for zone in items(zoneIds): {
    name: '${storageName}-${zone.key}'
    location: location
    tags: tags
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: zone.key
          properties: {
            privateLinkServiceId: storage.id
            groupIds: [zone.key]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (zone, i) in items(zoneIds): {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: zone.key
          properties: { privateDnsZoneId: zone.value }
        }
      ]
    }
  }
]
