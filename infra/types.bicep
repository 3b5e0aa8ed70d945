@description('A container registry of Azure: its resource id, and its host as in names of images.')
@export()
type registry = {
  @description('/subscriptions/…/registries/NAME')
  id: string

  @description('NAME.azurecr.io; with a domain name label another.')
  loginServer: string
}
